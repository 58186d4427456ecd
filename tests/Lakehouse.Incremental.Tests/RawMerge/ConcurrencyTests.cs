using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Another writer commits just before the merge does. That a merge was worked out anew shows in the version it says it read.</summary>
public sealed class ConcurrencyTests
{
    private readonly InMemoryTableStorage _inner = new();
    private readonly HookedStorage _storage;

    public ConcurrencyTests() => _storage = new HookedStorage(_inner);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_another_merge_inserted_is_updated_and_not_inserted_again(bool vectors)
    {
        DeltaTable table = await NewAsync(vectors, "1 10 a");
        await WinAsync(other => Upsert(other, "2 20 b").ExecuteAsync());

        RawMergeResult result = await Upsert(table, "2 21 c").ExecuteAsync();

        (result.NumTargetRowsUpdated, result.NumTargetRowsInserted, result.Version).Should().Be((1, 0, 3));
        (await RowsAsync(table)).Should().Equal("1 10 a", "2 21 c");
    }

    [Theory]
    [InlineData("Serializable", "2 21 c")]
    [InlineData("WriteSerializable", "2 20 b", "2 21 c")]
    public async Task An_append_of_the_same_key_counts_as_the_isolation_level_says(string level, params string[] rows)
    {
        Dictionary<string, string> properties = new() { ["delta.isolationLevel"] = level };
        DeltaTable table = await TableAsync(Rows("1 10 a"), new() { Properties = properties }, _storage);
        await WinAsync(other => other.AppendAsync(Rows("2 20 b")));

        await Upsert(table, "2 21 c").ExecuteAsync();

        (await RowsAsync(table)).Should().Equal(["1 10 a", .. rows]);
    }

    [Fact]
    public async Task A_row_that_another_writer_changed_is_looked_at_again()
    {
        DeltaTable table = await NewAsync(true, "1 10 a", "2 20 b");
        await WinAsync(other => Upsert(other, "1 50 z").ExecuteAsync());

        await table.Merge(Rows("1 1 x")).On("id").WhenMatched().Update(set => set.Set("n", "target.n + source.n")).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 51 z", "2 20 b");
        ReadVersion(table).Should().Be(2);
    }

    [Fact]
    public async Task Other_rows_that_are_deleted_from_the_same_file_do_no_harm()
    {
        DeltaTable table = await NewAsync(true, "1 10 a", "2 20 b", "3 30 c");
        await WinAsync(other => other.DeleteAsync(Filter.Column("id").EqualTo(3L)));

        await Upsert(table, "2 21 x", "4 40 y").ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 21 x", "4 40 y");
        ReadVersion(table).Should().Be(1, "it was not worked out anew");
    }

    [Fact]
    public async Task A_match_that_was_left_as_it_is_counts_all_the_same()
    {
        DeltaTable table = await NewAsync(true, "1 10 a", "2 20 b", "3 30 c");
        await WinAsync(other => other.DeleteAsync(Filter.Column("id").EqualTo(2L)));

        await table.Merge(Rows("2 99 x", "3 31 y")).On("id").WhenMatched("target.id = 3").UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 99 x", "3 31 y");
        ReadVersion(table).Should().Be(2);
    }

    [Fact]
    public async Task A_merge_of_keys_that_lie_elsewhere_is_no_conflict()
    {
        DeltaTable table = await NewAsync(false, "1 10 a");
        await table.AppendAsync(Rows("100 10 b"));
        await WinAsync(other => Upsert(other, "100 11 z", "101 1 z").ExecuteAsync());

        await Upsert(table, "1 11 x").ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 11 x", "100 11 z", "101 1 z");
        ReadVersion(table).Should().Be(2, "it was not worked out anew");
    }

    [Fact]
    public async Task A_column_that_came_meanwhile_is_known()
    {
        DeltaTable table = await NewAsync(true, "1 10 a");
        await WinAsync(other => other.AddColumnsAsync([new Apache.Arrow.Field("extra", Apache.Arrow.Types.StringType.Default, true)]));

        await table.Merge(Rows(Schema("id", "extra"), "1 p", "2 q")).On("id").WithSchemaEvolution()
            .WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a p", "2 _ _ q");
    }

    [Fact]
    public async Task A_transaction_happens_once_also_when_another_process_was_faster()
    {
        DeltaTable table = await NewAsync(true, "1 10 a");
        MergeStatement Add(DeltaTable target, long version) => target.Merge(Rows("1 1 x")).On("id")
            .WhenMatched().Update(set => set.Set("n", "target.n + source.n")).WithTransaction("loader", version);
        await WinAsync(other => Add(other, 7).ExecuteAsync());

        (await Add(table, 7).ExecuteAsync()).AlreadyApplied.Should().BeTrue();
        (await Add(table, 6).ExecuteAsync()).ToString().Should().Be("merged before: nothing to do");
        (await Add(table, 8).ExecuteAsync()).NumTargetRowsUpdated.Should().Be(1);

        (await RowsAsync(table)).Should().Equal("1 12 a");
    }

    [Fact]
    public async Task What_a_lost_attempt_wrote_is_deleted()
    {
        DeltaTable table = await NewAsync(false, "1 10 a");
        await WinAsync(other => Upsert(other, "1 11 b").ExecuteAsync());

        await Upsert(table, "1 12 c").ExecuteAsync();

        List<string> paths = [];
        await foreach (StoredFile file in _inner.ListAsync(""))
        {
            paths.Add(file.Path);
        }

        paths.Count(path => path.StartsWith("part-", StringComparison.Ordinal)).Should().Be(3, "one a version");
    }

    [Fact]
    public async Task The_same_merge_of_the_same_version_writes_the_same_files()
    {
        async Task<string[]> RunAsync()
        {
            DeltaTable table = await TableAsync(Rows([.. Enumerable.Range(0, 40).Select(i => $"{i} {i % 7} r")]));
            await table.AppendAsync(Rows([.. Enumerable.Range(40, 40).Select(i => $"{i} {i % 7} r")]));
            await table.Merge(Rows([.. Enumerable.Range(30, 70).Select(i => $"{i} {i % 5} s")])).On("id")
                .WhenMatched("source.n = 1").Delete().WhenMatched("source.n > 2").UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();
            List<string> rows = [.. table.CurrentSnapshot.Files.Select(file => $"{file.Path} {file.Size} {file.DeletionVector?.Cardinality}")];
            await foreach (Apache.Arrow.RecordBatch batch in table.ReadAsync())
            {
                rows.AddRange(Words(batch));
            }

            return [.. rows];
        }

        (await RunAsync()).Should().Equal(await RunAsync());
    }

    private static MergeStatement Upsert(DeltaTable table, params string[] rows) =>
        table.Merge(Rows(rows)).On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll();

    private static long ReadVersion(DeltaTable table) => table.CurrentSnapshot.CommitInfo!.ReadVersion!.Value;

    private Task<DeltaTable> NewAsync(bool vectors, params string[] rows) => TableAsync(Rows(rows), new() { DeletionVectors = vectors }, _storage);

    // Before the next commit to the table another writer commits.
    private async Task WinAsync(Func<DeltaTable, Task> win)
    {
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        bool done = false;
        _storage.BeforePutIfAbsent = async path =>
        {
            if (!done && path.StartsWith("_delta_log", StringComparison.Ordinal))
            {
                done = true;
                await win(other);
            }
        };
    }
}
