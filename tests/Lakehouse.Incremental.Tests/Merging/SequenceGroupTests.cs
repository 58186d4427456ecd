using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Columns with a clock of their own, for sources whose sequences do not compare (semantics 2.36).</summary>
public sealed class SequenceGroupTests
{
    private const string Columns = "k s:long a t:long b c op";

    [Fact]
    public Task Each_group_follows_its_own_clock() => Bench.AnyOrderAsync(
        Flow, Columns, ["x 1 a1 9 b9 c9 u", "x 2 a2 8 b8 c8 u", "x 3 a3 7 b7 c7 u"], "x 3 a3 9 b9 c9");

    [Fact]
    public async Task An_event_of_the_other_source_only_needs_no_place_in_the_main_order()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 1 a1 _ _ _ u");

        await bench.ApplyColumnsAsync("k s:long t:long b op", "x _ 5 b5 u");

        (await bench.RowsAsync()).Should().Equal("x 1 a1 5 b5 _");
    }

    [Fact]
    public async Task A_group_waits_for_the_row_whose_existence_the_main_source_says()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyColumnsAsync("k s:long t:long b op", "x _ 5 b5 u");
        string[] before = await bench.RowsAsync();

        await bench.ApplyColumnsAsync("k s:long a op", "x 1 a1 u");

        before.Should().BeEmpty();
        (await bench.RowsAsync()).Should().Equal("x 1 a1 5 b5 _");
    }

    [Fact]
    public Task Deletes_do_not_touch_a_group() => Bench.AnyOrderAsync(
        Flow, Columns, ["x 1 a1 5 b5 c5 u", "x 2 _ _ _ _ d", "x 3 a3 _ _ _ u"], "x 3 a3 5 b5 c5");

    [Fact]
    public Task A_group_with_a_composite_clock_needs_all_of_it() => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k").SequenceBy("s").SequenceGroup(["t", "u"], "b"),
        "k s:long t:long u:long b",
        ["x 1 1 2 b12", "x 2 1 _ half", "x 3 1 3 b13"],
        "x 3 1 3 b13");

    [Fact]
    public Task Two_groups_do_not_know_of_one_another() => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k", "j").SequenceBy("s").SequenceGroup(["t"], "b").SequenceGroup(["u"], "c"),
        "k j s:long t:long b u:long c",
        ["x y 1 9 b9 1 c1", "x y 2 8 b8 2 c2", "x z 1 1 b1 _ ignored"],
        "x y 2 9 b9 2 c2",
        "x z 1 1 b1 _ _");

    [Fact]
    public async Task An_event_with_neither_order_is_invalid()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync("x _ a _ b c u"));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.NullSequence, 1));
        error.SampleKeys.Should().Equal("x");
    }

    [Fact]
    public async Task A_delete_without_a_place_in_the_main_order_is_invalid()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns, quarantine: true);

        (await bench.ApplyAsync("x _ a 5 b c d")).Quarantined.Should().Be(1);
        (await bench.KeptAsync()).Should().Equal("NULL_SEQUENCE s x _ a 5 b c d");
    }

    [Theory]
    [InlineData(new[] { "t" }, "k", "named twice")]
    [InlineData(new[] { "s" }, "b", "named twice")]
    [InlineData(new[] { "t" }, "T", "named twice")]
    [InlineData(new string[0], "b", "needs sequence columns")]
    public void A_group_that_makes_no_sense_is_refused(string[] sequence, string column, string why)
    {
        Action build = () => MergeFlow.Named("f").Keys("k").SequenceBy("s").SequenceGroup(sequence, column).Build();

        build.Should().Throw<LakehouseException>().WithMessage($"*{why}*").Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public void A_history_has_no_groups()
    {
        Action build = () => Flow().StoredAs(ScdType.Type2).Build();

        build.Should().Throw<LakehouseException>().WithMessage("*ScdType.Type1*");
    }

    [Fact]
    public async Task A_group_column_the_table_does_not_have_is_refused_by_name()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(
            () => bench.With(MergeFlow.Named("f").Keys("k").SequenceBy("s").SequenceGroup(["t"], "absent")).ApplyColumnsAsync("k s:long"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("absent");
    }

    [Fact]
    public async Task Nested_values_in_a_group_are_kept_whole()
    {
        Bench bench = await Bench.OpenAsync(
            MergeFlow.Named("f").Keys("k").SequenceBy("s").SequenceGroup(["t"], "p"), "k s:long t:time p:struct(x:long,l:list(text))");
        await bench.ApplyAsync("x 1 2024-01-02 {1,[a,b]}", "x 2 2024-01-01 {2,[c]}");

        (await bench.RowsAsync()).Should().Equal("x 2 2024-01-02T00:00:00Z {x:1,l:[a,b]}");
    }

    private static MergeFlowBuilder Flow() => MergeFlow.Named("f").Keys("k").SequenceBy("s").SequenceGroup(["t"], "b", "c")
        .ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ExceptColumns("op");
}
