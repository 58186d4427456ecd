using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>The same merge of the same version writes the same, however many run at once.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Alone_or_beside_others_a_merge_writes_the_same_bytes(bool vectors, bool partitioned)
    {
        DeltaTableCreateOptions create = new()
        {
            DeletionVectors = vectors,
            ChangeDataFeed = true,
            PartitionColumns = partitioned ? ["t"] : [],
            Properties = new Dictionary<string, string> { ["delta.enableRowTracking"] = "true", ["delta.columnMapping.mode"] = "name" },
        };
        IReadOnlyDictionary<string, byte[]> alone = await RunAsync(create);

        IReadOnlyDictionary<string, byte[]>[] beside = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RunAsync(create))));

        alone.Keys.Count(path => path.StartsWith("_change_data", StringComparison.Ordinal)).Should().BePositive();
        foreach (IReadOnlyDictionary<string, byte[]> other in beside)
        {
            other.Keys.Should().Equal(alone.Keys);
            foreach ((string path, byte[] bytes) in other)
            {
                bytes.Should().Equal(alone[path], path);
            }
        }
    }

    [Fact]
    public async Task Names_of_files_are_all_that_two_runs_differ_in()
    {
        DeltaTableCreateOptions create = new() { ChangeDataFeed = true };
        (DeltaTable a, DeltaTable b) = (await MergedAsync(create, IdSource.Sequential(2)), await MergedAsync(create, IdSource.Sequential(3)));

        (await ContentAsync(a)).Should().Equal(await ContentAsync(b));
        a.CurrentSnapshot.Files.Select(static file => file.Path).Should().NotEqual(b.CurrentSnapshot.Files.Select(static file => file.Path));
        a.CurrentSnapshot.FileCount.Should().BeGreaterThan(4, "files are split by a number of rows");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task However_many_threads_work_for_it_a_merge_writes_the_same_bytes(bool vectors)
    {
        DeltaTableCreateOptions create = new() { DeletionVectors = vectors, ChangeDataFeed = true };
        IReadOnlyDictionary<string, byte[]> one = await RunAsync(create, threads: 1);

        foreach (int threads in new[] { 2, 3, 16 })
        {
            IReadOnlyDictionary<string, byte[]> several = await RunAsync(create, threads);
            several.Keys.Should().Equal(one.Keys);
            several.Should().AllSatisfy(file => file.Value.Should().Equal(one[file.Key], file.Key));
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task File_by_file_or_all_at_once_a_merge_writes_the_same_rows(bool vectors, bool partitioned)
    {
        DeltaTableCreateOptions create = new() { DeletionVectors = vectors, ChangeDataFeed = true, PartitionColumns = partitioned ? ["t"] : [] };
        DeltaTable a = await MergedAsync(create, IdSource.Sequential(2));
        DeltaTable b = await MergedAsync(create, IdSource.Sequential(2), fileByFile: false);

        (await ContentAsync(a)).Order(StringComparer.Ordinal).Should().Equal((await ContentAsync(b)).Order(StringComparer.Ordinal));
    }

    // All files of the table, the log included: the clock stands still.
    private static async Task<IReadOnlyDictionary<string, byte[]>> RunAsync(DeltaTableCreateOptions create, int threads = 2)
    {
        DeltaTable table = await MergedAsync(create, IdSource.Sequential(2), threads);
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        await foreach (StoredFile file in table.Storage.ListAsync(""))
        {
            files[file.Path] = await table.Storage.ReadAsync(file.Path);
        }

        return files;
    }

    // Each file with its rows in their order, and which of them are deleted; the files themselves have no order but that of their names.
    private static async Task<string[]> ContentAsync(DeltaTable table)
    {
        List<string> content = [];
        foreach (AddFile file in table.CurrentSnapshot.Files)
        {
            Delta.DeletionVectors.DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None);
            List<string> rows = [];
            Schema schema = table.CurrentSnapshot.Schema;
            await foreach (Delta.DataFiles.FileBatch part in table.Reader.ReadAsync(table.CurrentSnapshot, file, schema, CancellationToken.None))
            {
                rows.AddRange(Words(part.Batch));
            }

            content.Add($"{string.Join(", ", rows)} without {string.Join(' ', deleted.Rows)}");
        }

        return [.. content.Order(StringComparer.Ordinal), .. await ChangesAsync(table, table.CurrentSnapshot.Version)];
    }

    private static async Task<DeltaTable> MergedAsync(DeltaTableCreateOptions create, IdSource ids, int threads = 2, bool fileByFile = true)
    {
        DeltaTableOptions options = new()
        {
            IdSource = IdSource.Sequential(1),
            TimeProvider = new StandingTime(),
            MaxRowsPerFile = 50,
            MaxDegreeOfParallelism = threads,
        };
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(new StandingTime()), Columns, create, options);
        await table.AppendAsync(Rows([.. Enumerable.Range(0, 120).Select(i => $"{i} {i % 7} {(char)('a' + (i % 3))}")]));
        table = await DeltaTable.OpenAsync(table.Storage, options with { IdSource = ids });
        await table.Merge(Rows([.. Enumerable.Range(60, 140).Select(i => $"{i * 37 % 211} {i % 5} {(char)('a' + (i % 4))}")])).On("id")
            .WhenMatched(m => m.Source["n"].EqualTo(1)).Delete()
            .WhenMatched(m => m.Source["n"] > 2).UpdateAll()
            .WhenNotMatched().InsertAll()
            .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("n").GreaterThan(4))).Update(set => set.Set("n", "n + 100"))
            .With(definition => definition with { FileByFile = fileByFile })
            .ExecuteAsync();
        return table;
    }

    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50);

        public override long GetTimestamp() => 0;
    }
}
