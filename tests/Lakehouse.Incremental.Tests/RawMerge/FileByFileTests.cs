using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>A merge takes file after file, but what it says and checks is about all of them.</summary>
public sealed class FileByFileTests
{
    [Fact]
    public async Task Ambiguous_rows_are_counted_in_all_files()
    {
        DeltaTable table = await FilesAsync();
        RecordBatch source = Rows("1 1 a", "1 2 b", "11 1 a", "11 2 b", "21 1 a", "21 2 b");

        InvalidRowsException always = await FailsAsync(() => table.Merge(source).On("id").WhenMatched().UpdateAll().ExecuteAsync());
        InvalidRowsException someTimes = await FailsAsync(
            () => table.Merge(source).On("id").WhenMatched("source.n > 0").Update(set => set.Set("n", "source.n")).ExecuteAsync());

        foreach (InvalidRowsException error in new[] { always, someTimes })
        {
            (error.ErrorCode, error.Count).Should().Be((ErrorCodes.MultipleSourceRowsMatched, 3));
            error.SampleKeys.Should().Equal("1", "11", "21");
            error.Message.Should().Contain("key 21 (source rows 4, 5)");
        }
    }

    [Fact]
    public async Task A_key_that_is_declared_unique_is_looked_for_in_all_files()
    {
        DeltaTable table = await FilesAsync();
        await table.AppendAsync(Rows("1 7 y", "11 7 y"));

        InvalidRowsException error = await FailsAsync(
            () => table.Merge(Rows("1 5 x", "11 5 x", "2 5 x")).On("id").WithUniqueKeys().WhenMatched().UpdateAll().ExecuteAsync());

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.TargetKeyNotUnique, 2));
        error.SampleKeys.Should().Equal("1", "11");
        (await table.Merge(Rows("2 5 x")).On("id").WithUniqueKeys().WhenMatched().UpdateAll().ExecuteAsync()).NumTargetRowsUpdated.Should().Be(1);
    }

    [Fact]
    public async Task Rows_that_break_a_rule_are_named_in_all_files_and_nothing_is_left_of_the_others()
    {
        DeltaTable table = await FilesAsync();
        await table.AddConstraintAsync("small", "n < 1000");
        string[] before = await StoredAsync(table);

        InvalidRowsException error = await FailsAsync(() => table.Merge(Rows("0 1 a", "1 1000 a", "2 2 a", "3 3 a", "21 1000 a", "50 1000 z")).On("id")
            .WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync());

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.ConstraintViolation, 3));
        error.SampleKeys.Should().Equal("1", "21", "50");
        (await StoredAsync(table)).Should().Equal(before);
    }

    [Fact]
    public async Task A_target_row_without_a_result_is_named_wherever_it_is()
    {
        DeltaTable table = await FilesAsync();
        await table.AppendAsync(Rows($"30 {long.MaxValue} a"));

        InvalidRowsException error = await FailsAsync(() => table.Merge(Rows("1 1 a")).On("id")
            .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("n").GreaterThan(5))).Update(set => set.Set("n", "n + 1")).ExecuteAsync());

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.Overflow, 1));
        error.Message.Should().Contain("key 30 (no source row)");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_are_as_full_as_if_all_were_written_at_once(bool vectors)
    {
        DeltaTable table = await FilesAsync(vectors);
        RecordBatch source = Rows([.. Enumerable.Range(0, 30).Select(id => $"{id} {id + 500} new")]);

        RawMergeResult result = await table.Merge(source).On("id").WhenMatched("source.id <> 29").UpdateAll().ExecuteAsync();

        List<int> sizes = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            sizes.Add(batch.Length);
        }

        (result.NumTargetRowsUpdated, result.NumTargetRowsCopied).Should().Be((29, vectors ? 0 : 1));
        sizes.Order().Should().Equal(1, 1, 4, 4, 4, 4, 4, 4, 4);
    }

    // Three files of ten rows, from 0 on; new files hold four.
    private static async Task<DeltaTable> FilesAsync(bool vectors = true)
    {
        DeltaTableCreateOptions create = new() { DeletionVectors = vectors };
        DeltaTable table = await DeltaTable.CreateAsync(
            new InMemoryTableStorage(), Columns, create, new DeltaTableOptions { IdSource = IdSource.Sequential(1) });
        for (int file = 0; file < 3; file++)
        {
            await table.AppendAsync(Rows([.. Enumerable.Range(10 * file, 10).Select(id => $"{id} {id} a")]));
        }

        return await DeltaTable.OpenAsync(table.Storage, new DeltaTableOptions { IdSource = IdSource.Sequential(2), MaxRowsPerFile = 4 });
    }

    private static async Task<InvalidRowsException> FailsAsync(Func<Task> merge) => (await merge.Should().ThrowAsync<InvalidRowsException>()).Which;

    private static async Task<string[]> StoredAsync(DeltaTable table)
    {
        List<string> paths = [];
        await foreach (StoredFile file in table.Storage.ListAsync(""))
        {
            paths.Add(file.Path);
        }

        return [.. paths.Order(StringComparer.Ordinal)];
    }
}
