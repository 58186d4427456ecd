using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>A truncate deletes every key whose events are older, at whatever time it arrives (semantics 2.33).</summary>
public sealed class TruncateTests
{
    private const string Columns = "k s:long a op";

    [Fact]
    public Task G18_a_truncate_that_comes_first_holds_for_what_comes_later() => Bench.AnyOrderAsync(
        () => Flow(), Columns, ["_ 50 _ t", "k1 40 A u", "k2 60 B u"], "k2 60 B");

    [Fact]
    public Task G18_a_truncate_closes_the_rows_of_a_history() => Bench.AnyOrderAsync(
        () => Flow(ScdType.Type2), Columns, ["_ 50 _ t", "k1 40 A u", "k2 60 B u"], "k1 40 A [40,50)", "k2 60 B [60,∞)");

    [Fact]
    public Task An_earlier_truncate_counts_beside_a_later_one_in_a_history() => Bench.AnyOrderAsync(
        () => Flow(ScdType.Type2), Columns, ["_ 50 _ t", "_ 20 _ t", "k1 10 A u", "k1 30 A u"], "k1 10 A [10,20)", "k1 30 A [30,50)");

    [Fact]
    public Task An_upsert_at_the_place_of_a_truncate_stays() => Bench.AnyOrderAsync(
        () => Flow(), Columns, ["_ 50 _ t", "k1 50 A u", "k2 49 B u"], "k1 50 A");

    [Fact]
    public Task A_truncate_that_wins_ties_takes_the_upsert_at_its_place() => Bench.AnyOrderAsync(
        () => Flow().DeleteWinsTies(), Columns, ["_ 50 _ t", "k1 50 A u", "k2 51 B u"], "k2 51 B");

    [Fact]
    public Task A_partial_event_after_a_truncate_starts_from_nulls() => Bench.AnyOrderAsync(
        () => Flow().IgnoreNullUpdates("a"), Columns, ["k1 10 A u", "_ 20 _ t", "k1 30 _ u"], "k1 30 _");

    [Fact]
    public Task A_truncate_marks_rows_where_deletes_are_soft() => Bench.AnyOrderAsync(
        () => Flow().DeleteMode(DeleteMode.Soft), Columns, ["k1 10 A u", "_ 20 _ t", "k2 30 B u"], "k1 10 A deleted@20", "k2 30 B");

    [Fact]
    public Task A_truncate_with_a_composite_sequence_holds_by_the_whole_of_it() => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k", "j").SequenceBy("s", "t").ApplyAsTruncateWhen(c => c["op"].EqualTo("t")).ExceptColumns("op"),
        "k j:long s:long t:long op",
        ["_ _ 5 5 t", "x 1 5 4 u", "x 2 5 6 u"],
        "x 2 5 6");

    [Fact]
    public async Task A_key_that_appears_for_the_first_time_is_late_for_a_truncate_long_ago()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("_ 50 _ t");

        MergeResult late = await bench.ApplyAsync("never 49 A u");

        (late.Late + late.Superseded, late.Inserted).Should().Be((1, 0));
        (await bench.RowsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_truncate_that_comes_again_commits_nothing()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("k1 1 A u", "_ 50 _ t");

        MergeResult again = await bench.ApplyAsync("_ 50 _ t", "other 50 x t");

        (again.Version, again.Duplicates).Should().Be((null, 2), "what is in its other columns does not matter");
    }

    [Fact]
    public async Task A_truncate_counts_as_deletes_of_the_rows_it_takes()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("a 1 A u", "b 1 B u", "c 99 C u");

        MergeResult result = await bench.ApplyAsync("_ 50 _ t");

        (result.RowsIn, result.Applied, result.Deleted).Should().Be((1, 1, 2));
        (await Words.ChangesAsync(bench.Table, 2)).Should().Equal("delete a 1 A", "delete b 1 B");
    }

    [Fact]
    public async Task A_truncate_needs_no_key_but_a_place_in_the_order()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("a 1 A u");

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync("_ _ _ t"));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.NullSequence, 1));
        (await bench.RowsAsync()).Should().Equal("a 1 A");
    }

    [Fact]
    public void A_flow_that_ignores_deletes_cannot_truncate()
    {
        Action build = () => Flow().DeleteMode(DeleteMode.Ignore).Build();

        build.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public void A_flow_with_groups_cannot_truncate()
    {
        Action build = () => Flow().SequenceGroup(["t"], "a").Build();

        build.Should().Throw<LakehouseException>().WithMessage("*cannot truncate*");
    }

    private static MergeFlowBuilder Flow(ScdType type = ScdType.Type1) => MergeFlow.Named("f").Keys("k").SequenceBy("s")
        .ApplyAsTruncateWhen(c => c["op"].EqualTo("t")).ExceptColumns("op").StoredAs(type);
}
