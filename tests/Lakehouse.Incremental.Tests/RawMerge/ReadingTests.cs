using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Of the rows that are looked at, a merge reads the columns that someone asks for, besides those they are found by.</summary>
public sealed class ReadingTests
{
    private static readonly string[] s_rows = ["1 10 a", "2 20 b", "3 30 c", "4 40 d"];

    [Fact]
    public async Task Rows_that_go_are_not_read()
    {
        (await ReadsAsync(["1 10 a"], merge => merge.WhenMatched().Delete().WhenNotMatchedBySource(MergeScope.WholeTable).Delete())).Should().BeEmpty();
    }

    [Fact]
    public async Task Nor_are_rows_that_get_a_number_which_their_file_does_not_hold()
    {
        (await ReadsAsync(["1 50 a", "2 51 b", "9 9 z"], merge => merge.WhenMatched().UpdateAll().WhenNotMatched().InsertAll()
            .WhenNotMatchedBySource(MergeScope.WholeTable).Delete())).Should().BeEmpty();
    }

    [Fact]
    public async Task A_row_that_differs_in_a_cheap_column_is_not_read_further()
    {
        (await ReadsAsync(["1 20 a", "2 20 b", "3 40 c"], static merge => merge.WhenMatched().UpdateAll())).Should().Equal("n of 3", "t of 1");
    }

    [Fact]
    public async Task Rows_that_stay_as_they_are_are_read_to_the_end()
    {
        (await ReadsAsync(["1 10 a", "2 20 b"], static merge => merge.WhenMatched().UpdateAll())).Should().Equal("n of 2", "t of 2");
    }

    [Fact]
    public async Task What_no_clause_sets_is_read_of_rows_that_change()
    {
        (await ReadsAsync(["1 20 a", "2 20 b"], static merge => merge.WhenMatched().Update(set => set.Set("n", "source.n"))))
            .Should().Equal("n of 2", "id t of 1");
        (await ReadsAsync(["1 20 a", "2 20 b"], static merge => merge.WhenMatched().Update(set => set.Set("n", "target.n + 1"))))
            .Should().Equal("n of 2", "id t of 2");
    }

    [Fact]
    public async Task A_condition_reads_its_columns_of_the_rows_it_is_for()
    {
        (await ReadsAsync(["1 20 a", "2 20 b"], static merge => merge.WhenMatched("target.t = 'a'").Delete())).Should().Equal("t of 2");
        (await ReadsAsync(["1 20 a"], merge => merge.WhenNotMatchedBySource(MergeScope.WholeTable, "n > 20").Delete())).Should().Equal("n of 3");
        (await ReadsAsync(["1 20 a"], merge => merge.WhenMatched("target.t = 'a'").Delete().WhenNotMatchedBySource(MergeScope.WholeTable, "n > 20").Delete()))
            .Should().Equal("n t of 4");
    }

    [Fact]
    public async Task A_change_data_feed_reads_all_of_them_once()
    {
        DeltaTableCreateOptions feed = new() { ChangeDataFeed = true };

        (await ReadsAsync(["1 50 a", "2 20 b"], merge => merge.WhenMatched().UpdateAll(), feed)).Should().Equal("id n t of 2");
        (await ReadsAsync(["9 50 a"], merge => merge.WhenNotMatched().InsertAll(), feed)).Should().BeEmpty();
    }

    private static async Task<string[]> ReadsAsync(
        string[] source, Func<MergeStatement, MergeStatement> clauses, DeltaTableCreateOptions? create = null)
    {
        DeltaTable table = await TableAsync(Rows(s_rows), create);
        List<string> reads = [];
        await clauses(table.Merge(Rows(source)).On("id"))
            .With(definition => definition with { OnTargetRead = (columns, rows) => reads.Add($"{string.Join(' ', columns)} of {rows}") })
            .ExecuteAsync();
        return [.. reads];
    }
}
