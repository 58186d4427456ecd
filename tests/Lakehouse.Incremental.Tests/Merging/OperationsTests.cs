using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Operation codes: what is not known is not guessed.</summary>
public sealed class OperationsTests
{
    private const string Columns = "k s:long a op";

    [Fact]
    public Task Each_code_does_what_it_means() => Bench.AnyOrderAsync(
        Flow, Columns, ["x 1 A c", "x 2 B u", "y 1 A c", "y 3 _ d", "z 1 A r"], "x 2 B", "z 1 A");

    [Fact]
    public Task A_snapshot_read_is_outranked_by_any_change_at_its_sequence() => Bench.AnyOrderAsync(
        Flow, Columns, ["x 5 snapshot r", "x 5 stream u", "y 5 snapshot r", "y 5 _ d"], "x 5 stream");

    [Fact]
    public Task A_code_may_truncate() => Bench.AnyOrderAsync(Flow, Columns, ["_ 9 _ t", "x 8 A c", "y 10 B r"], "y 10 B");

    [Theory]
    [InlineData("m")]
    [InlineData("U")]
    [InlineData("''")]
    [InlineData("_")]
    public async Task An_unknown_code_fails_its_batch_before_anything_is_written(string code)
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync("ok 1 A c", $"x 1 A {code}", $"y 1 A {code}"));

        (error.ErrorCode, error.Count, error.Flow).Should().Be((ErrorCodes.UnknownOperation, 2, "f"));
        error.SampleKeys.Should().Equal("x", "y");
        error.Message.Should().Contain("op");
        (await bench.Table.RefreshAsync()).Version.Should().Be(0);
    }

    [Fact]
    public async Task An_unknown_code_goes_to_quarantine_and_the_others_are_merged()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns, quarantine: true);

        MergeResult result = await bench.ApplyAsync("ok 1 A c", "x 1 A m", "y 1 A _");

        (result.RowsIn, result.Applied, result.Quarantined).Should().Be((3, 1, 2));
        (await bench.RowsAsync()).Should().Equal("ok 1 A");
        (await bench.KeptAsync()).Should().Equal("UNKNOWN_OPERATION op x 1 A m", "UNKNOWN_OPERATION op y 1 A _");
    }

    [Fact]
    public async Task The_column_stays_in_the_target_unless_it_is_excepted()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").Operations("op", new() { Upsert = ["c"] }), Columns);
        await bench.ApplyAsync("x 1 A c");

        (await bench.RowsAsync()).Should().Equal("x 1 A c");
    }

    [Fact]
    public async Task Codes_that_are_not_texts_are_refused_with_the_name_of_the_column()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync("k s:long a op:long", "x 1 A 1"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("op");
    }

    [Fact]
    public void A_code_with_two_meanings_is_refused_by_name()
    {
        Action build = () => MergeFlow.Named("f").Keys("k").SequenceBy("s").Operations("op", new() { Upsert = ["c", "x"], Delete = ["x"] }).Build();

        build.Should().Throw<LakehouseException>().WithMessage("*'x' has two meanings*").Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public void Codes_and_conditions_do_not_go_together()
    {
        Action build = () => Flow().ApplyAsDeleteWhen(c => c["a"].EqualTo("x")).Build();

        build.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public void Operations_without_any_code_are_refused()
    {
        Action build = () => MergeFlow.Named("f").Keys("k").SequenceBy("s").Operations("op", new()).Build();

        build.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    private static MergeFlowBuilder Flow() => MergeFlow.Named("f").Keys("k").SequenceBy("s").ExceptColumns("op")
        .Operations("op", new() { Upsert = ["c", "u"], Delete = ["d"], SnapshotRead = ["r"], Truncate = ["t"] });
}
