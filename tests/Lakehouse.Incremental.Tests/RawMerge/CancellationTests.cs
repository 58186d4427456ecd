using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>A merge that is cancelled, or whose storage or source fails, leaves the table and its folder as they were.</summary>
public sealed class CancellationTests
{
    private readonly InMemoryTableStorage _inner = new();
    private readonly HookedStorage _storage;

    public CancellationTests() => _storage = new HookedStorage(_inner);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Whichever_file_is_the_last_nothing_is_left(bool vectors, bool cancels)
    {
        DeltaTable table = await NewAsync(vectors);
        string[] files = await FilesAsync();
        string[] rows = await RowsAsync(table);
        int failures = 0;
        for (bool done = false; !done; failures++)
        {
            using CancellationTokenSource stop = new();
            int left = failures;
            Task Fail(string path)
            {
                if (left-- > 0)
                {
                    return Task.CompletedTask;
                }

                stop.Cancel();
                return cancels ? Task.CompletedTask : throw new IOException($"no space for {path}");
            }

            (_storage.BeforeCreate, _storage.BeforePut) = (Fail, Fail);
            _storage.BeforePutIfAbsent = path => path.StartsWith("_delta_log", StringComparison.Ordinal) ? Task.CompletedTask : Fail(path);
            try
            {
                await Merge(table).ExecuteAsync(stop.Token);
                done = true;
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                (await FilesAsync()).Should().Equal(files, $"it failed at file {failures}");
                (await RowsAsync(await DeltaTable.OpenAsync(_inner))).Should().Equal(rows);
            }
        }

        failures.Should().BeGreaterThan(4);
        (await RowsAsync(table)).Should().HaveCount(45, "it ran in the end, on the same instance");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_compaction_that_fails_behind_the_commit_is_no_error_of_the_merge(bool cancels)
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            _storage, Columns, new() { Properties = new Dictionary<string, string> { ["delta.autoOptimize.autoCompact"] = "true" } });
        for (int id = 0; id < 30; id++)
        {
            await table.AppendAsync(Rows($"{id} {id} a"));
        }

        using CancellationTokenSource stop = new();
        int writes = 0;
        _storage.BeforeCreate = path => writes++ == 0 ? Task.CompletedTask : cancels ? stop.CancelAsync() : throw new IOException($"no space for {path}");

        RawMergeResult result = await table.Merge(Rows("40 1 x")).On("id").WhenNotMatched().InsertAll().ExecuteAsync(stop.Token);

        (result.Version, writes).Should().Be((31, 2));
        _storage.BeforeCreate = static _ => Task.CompletedTask;
        (await RowsAsync(await DeltaTable.OpenAsync(_inner))).Should().HaveCount(31);
    }

    [Fact]
    public async Task A_source_that_fails_or_is_cancelled_ends_the_merge()
    {
        DeltaTable table = await NewAsync(true);
        using CancellationTokenSource stop = new();
        async IAsyncEnumerable<RecordBatch> Source(bool cancels)
        {
            yield return Rows("1 1 x");
            await (cancels ? stop.CancelAsync() : Task.FromException(new IOException("the source broke")));
            stop.Token.ThrowIfCancellationRequested();
        }

        Func<Task> Run(bool cancels) => () => table.Merge(Source(cancels)).On("id").WhenMatched().UpdateAll().ExecuteAsync(stop.Token);

        (await Run(false).Should().ThrowAsync<IOException>()).Which.Message.Should().Be("the source broke");
        await Run(true).Should().ThrowAsync<OperationCanceledException>();
        (await table.RefreshAsync()).Version.Should().Be(1);
    }

    private static MergeStatement Merge(DeltaTable table) => table.Merge(Rows([.. Enumerable.Range(20, 30).Select(id => $"{id} 1 new{id % 3}")]))
        .On("id").WhenMatched("source.id % 4 = 0").Delete().WhenMatched().UpdateAll().WhenNotMatched().InsertAll()
        .WhenNotMatchedBySource(MergeScope.WholeTable, "n = 3").Update(set => set.Set("t", "'left'"));

    private async Task<DeltaTable> NewAsync(bool vectors)
    {
        DeltaTableCreateOptions create = new() { DeletionVectors = vectors, ChangeDataFeed = true, PartitionColumns = ["t"] };
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Columns, create, new() { MaxRowsPerFile = 4 });
        await table.AppendAsync(Rows([.. Enumerable.Range(0, 40).Select(id => $"{id} {id % 5} {(char)('a' + (id % 3))}")]));
        return table;
    }

    private async Task<string[]> FilesAsync()
    {
        List<string> paths = [];
        await foreach (StoredFile file in _inner.ListAsync(""))
        {
            paths.Add(file.Path);
        }

        return [.. paths.Order(StringComparer.Ordinal)];
    }
}
