using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>What a delete does to the rows of its key (semantics 2.17, 2.18).</summary>
public sealed class DeleteModeTests
{
    private const string Columns = "k s:long a op";
    private static readonly string[] s_deleted = ["x 10 A u", "x 20 _ d"];
    private static readonly string[] s_revived = [.. s_deleted, "x 30 A u"];

    [Fact]
    public Task Hard_takes_the_row_out() => Any(DeleteMode.Hard, ScdType.Type1, s_deleted);

    [Fact]
    public Task Hard_closes_the_row_of_a_history() => Any(DeleteMode.Hard, ScdType.Type2, s_deleted, "x 10 A [10,20)");

    [Fact]
    public Task Soft_keeps_the_row_and_says_since_when() => Any(DeleteMode.Soft, ScdType.Type1, s_deleted, "x 10 A deleted@20");

    [Fact]
    public Task Soft_adds_a_marked_row_with_the_last_values_to_a_history() =>
        Any(DeleteMode.Soft, ScdType.Type2, s_deleted, "x 10 A [10,20)", "x 10 A [20,∞) deleted");

    [Fact]
    public Task Ignore_leaves_the_row() => Any(DeleteMode.Ignore, ScdType.Type1, s_deleted, "x 10 A");

    [Fact]
    public Task Ignore_leaves_the_row_of_a_history_open() => Any(DeleteMode.Ignore, ScdType.Type2, s_deleted, "x 10 A [10,∞)");

    [Fact]
    public Task A_row_comes_back_after_a_hard_delete() => Any(DeleteMode.Hard, ScdType.Type1, s_revived, "x 30 A");

    [Fact]
    public Task The_gap_of_a_hard_delete_stays_although_the_values_are_the_same() =>
        Any(DeleteMode.Hard, ScdType.Type2, s_revived, "x 10 A [10,20)", "x 30 A [30,∞)");

    [Fact]
    public Task A_newer_upsert_takes_the_mark_away() => Any(DeleteMode.Soft, ScdType.Type1, s_revived, "x 30 A");

    [Fact]
    public Task A_newer_upsert_closes_the_marked_row() =>
        Any(DeleteMode.Soft, ScdType.Type2, s_revived, "x 10 A [10,20)", "x 10 A [20,30) deleted", "x 30 A [30,∞)");

    [Fact]
    public Task Ignored_deletes_do_not_cut_a_run() => Any(DeleteMode.Ignore, ScdType.Type2, s_revived, "x 30 A [10,∞)");

    [Fact]
    public Task The_first_of_several_soft_deletes_says_since_when() =>
        Any(DeleteMode.Soft, ScdType.Type1, [.. s_deleted, "x 25 _ d"], "x 10 A deleted@20");

    [Theory]
    [InlineData(DeleteMode.Hard)]
    [InlineData(DeleteMode.Soft)]
    [InlineData(DeleteMode.Ignore)]
    public Task A_delete_of_an_unknown_key_makes_no_row(DeleteMode mode) => Any(mode, ScdType.Type2, ["x 20 _ d"]);

    [Fact]
    public async Task A_delete_of_an_unknown_key_is_remembered_and_counted()
    {
        Bench bench = await Bench.OpenAsync(Flow(DeleteMode.Hard), Columns);

        MergeResult delete = await bench.ApplyAsync("x 20 _ d");
        MergeResult late = await bench.ApplyAsync("x 19 A u");

        (delete.DeletesUnmatched, delete.Version, late.Late).Should().Be((1, 1, 1));
        (await bench.RowsAsync()).Should().BeEmpty();
    }

    [Fact]
    public Task An_upsert_stands_after_a_delete_at_one_place() => Any(DeleteMode.Hard, ScdType.Type1, ["x 10 A u", "x 20 _ d", "x 20 B u"], "x 20 B");

    [Fact]
    public Task DeleteWinsTies_puts_the_delete_after_the_upsert() => Bench.AnyOrderAsync(
        () => Flow(DeleteMode.Hard).DeleteWinsTies(), Columns, ["x 10 A u", "x 20 _ d", "x 20 B u"]);

    [Fact]
    public Task DeleteWinsTies_ends_the_history_at_the_tie() => Bench.AnyOrderAsync(
        () => Flow(DeleteMode.Hard, ScdType.Type2).DeleteWinsTies(), Columns, ["x 10 A u", "x 20 _ d", "x 20 B u"], "x 10 A [10,20)");

    [Fact]
    public Task DeleteWinsTies_with_soft_deletes_shows_what_was_known_last() => Bench.AnyOrderAsync(
        () => Flow(DeleteMode.Soft).DeleteWinsTies(), Columns, ["x 10 A u", "x 20 _ d", "x 20 B u"], "x 20 B deleted@20");

    [Fact]
    public async Task A_tie_of_delete_and_upsert_is_counted()
    {
        Bench bench = await Bench.OpenAsync(Flow(DeleteMode.Hard), Columns);

        (await bench.ApplyAsync("x 20 _ d", "x 20 B u")).Ties.Should().Be(1);
    }

    [Theory]
    [InlineData("__is_deleted")]
    [InlineData("__DELETED_AT")]
    public void The_columns_of_soft_deletes_are_reserved(string name)
    {
        MergeFlow flow = Flow(DeleteMode.Soft).Build();
        Action schema = () => flow.TargetSchema(Words.Schema($"{Columns} {name}:bool"));

        LakehouseException error = schema.Should().Throw<LakehouseException>().Which;
        error.ErrorCode.Should().Be(ErrorCodes.ReservedColumn);
        error.Message.Should().Contain(name);
    }

    [Fact]
    public async Task Events_may_have_a_column_of_that_name_where_deletes_are_hard()
    {
        Bench bench = await Bench.OpenAsync(Flow(DeleteMode.Hard), "k s:long op flag:bool __is_deleted_at");
        await bench.ApplyAsync("x 1 u true y");

        (await bench.RowsAsync()).Should().Equal("x 1 true y");
    }

    [Fact]
    public async Task A_soft_delete_with_a_composite_sequence_shows_all_of_its_place()
    {
        Bench bench = await Bench.OpenAsync(
            MergeFlow.Named("f").Keys("k").SequenceBy("s", "t").ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).DeleteMode(DeleteMode.Soft).ExceptColumns("op"),
            "k s:long t:date a op");
        await bench.ApplyAsync("x 1 2024-01-01 A u", "x 1 2024-01-02 _ d");

        (await bench.RowsAsync()).Should().Equal("x 1 2024-01-01 A deleted@{s:1,t:2024-01-02}");
    }

    [Fact]
    public async Task Changes_of_a_soft_delete_are_an_update()
    {
        Bench bench = await Bench.OpenAsync(Flow(DeleteMode.Soft), Columns);
        await bench.ApplyAsync("x 10 A u");
        await bench.ApplyAsync("x 20 _ d");

        (await Words.ChangesAsync(bench.Table, 2)).Should().Equal("update_preimage x 10 A", "update_postimage x 10 A deleted@20");
    }

    private static Task Any(DeleteMode mode, ScdType type, string[] events, params string[] expected) =>
        Bench.AnyOrderAsync(() => Flow(mode, type), Columns, events, expected);

    private static MergeFlowBuilder Flow(DeleteMode mode, ScdType type = ScdType.Type1) => MergeFlow.Named("f").Keys("k").SequenceBy("s")
        .ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).DeleteMode(mode).ExceptColumns("op").StoredAs(type);
}
