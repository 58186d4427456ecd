using Apache.Arrow;
using Apache.Arrow.Types;
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
        await WinAsync(other => other.AddColumnsAsync([new Field("extra", StringType.Default, true)]));

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_compaction_that_wins_only_moved_the_rows(bool vectors)
    {
        DeltaTable table = await NewAsync(vectors, "1 10 a", "2 20 b");
        await table.AppendAsync(Rows("3 30 c"));
        await table.AppendAsync(Rows("4 40 d"));
        await WinAsync(async other => (await other.OptimizeAsync()).Version.Should().NotBeNull());

        RawMergeResult result = await table.Merge(Rows("2 21 x", "4 _ y", "9 90 z")).On("id").WhenMatched("source.n IS NULL").Delete()
            .WhenMatched().UpdateAll().WhenNotMatched().InsertAll().WhenNotMatchedBySource(MergeScope.WholeTable, "n = 30").Delete().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 21 x", "9 90 z");
        (result.NumTargetRowsUpdated, result.NumTargetRowsDeleted, result.NumTargetRowsInserted).Should().Be((1, 2, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_a_delete_took_first_is_inserted_and_not_updated(bool vectors)
    {
        DeltaTable table = await NewAsync(vectors, "1 10 a", "2 20 b");
        await WinAsync(other => other.DeleteAsync(Filter.Column("id").EqualTo(2L)));

        RawMergeResult result = await Upsert(table, "2 21 x").ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 21 x");
        (result.NumTargetRowsUpdated, result.NumTargetRowsInserted).Should().Be((0, 1));
    }

    [Fact]
    public async Task A_merge_that_loses_to_a_compaction_and_to_a_delete_in_turn_is_still_in_order()
    {
        DeltaTable table = await NewAsync(true, "1 10 a", "2 20 b");
        await table.AppendAsync(Rows("3 30 c"));
        int wins = 0;
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        _storage.BeforePutIfAbsent = async path =>
        {
            if (path.StartsWith("_delta_log", StringComparison.Ordinal) && wins < 3)
            {
                await (wins++ switch
                {
                    0 => (Task)other.OptimizeAsync(),
                    1 => other.DeleteAsync(Filter.Column("id").EqualTo(1L)),
                    _ => Upsert(other, "3 33 w").ExecuteAsync(),
                });
            }
        };

        await table.Merge(Rows("1 1 x", "2 2 x", "3 3 x")).On("id")
            .WhenMatched().Update(set => set.Set("n", "target.n + source.n")).WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 1 x", "2 22 b", "3 36 w");
        wins.Should().Be(3);
    }

    [Fact]
    public async Task A_column_that_went_meanwhile_is_an_error_and_leaves_nothing()
    {
        DeltaTable table = await TableAsync(
            Rows("1 10 a"), new() { Properties = new Dictionary<string, string> { ["delta.columnMapping.mode"] = "name" } }, _storage);
        await WinAsync(other => other.DropColumnAsync("n"));

        Func<Task> merge = () => table.Merge(Rows("1 11 x")).On("id").WhenMatched().Update(set => set.Set("n", "source.n")).ExecuteAsync();

        (await merge.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("'n'");
        table.CurrentSnapshot.FileCount.Should().Be(1);
    }

    [Fact]
    public async Task Numbers_are_given_once_also_when_two_merges_give_them_at_once()
    {
        Schema schema = new(
            [
                new Field("id", Int64Type.Default, true),
                new Field("no", Int64Type.Default, true, new Dictionary<string, string>
                {
                    ["delta.identity.start"] = "1", ["delta.identity.step"] = "1", ["delta.identity.allowExplicitInsert"] = "false",
                }),
            ],
            null);
        DeltaTable table = await DeltaTable.CreateAsync(_storage, schema);
        Task InsertAsync(DeltaTable target, params long[] ids) =>
            target.Merge(Batch(("id", Longs(ids)))).On("id").WhenNotMatched().InsertAll().ExecuteAsync();
        await WinAsync(other => InsertAsync(other, 10, 11));

        await InsertAsync(table, 20, 21);

        (await RowsAsync(table)).Should().Equal("10 1", "11 2", "20 3", "21 4");
    }

    [Fact]
    public async Task A_column_that_came_meanwhile_with_another_type_takes_what_fits()
    {
        DeltaTable table = await NewAsync(true, "1 10 a");
        MergeStatement merge = table.Merge(Batch(("id", Longs(1, 2)), ("more", Longs(7, 5_000_000_000)))).On("id").WithSchemaEvolution();
        Task AddAsync(DeltaTable other) => other.AddColumnsAsync([new Field("more", Int32Type.Default, true)]);

        await WinAsync(AddAsync);
        Func<Task> both = () => merge.WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();
        (await both.Should().ThrowAsync<InvalidRowsException>()).Which.Message.Should().Contain("key 2 (source row 1)");
        await merge.WhenMatched().UpdateAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a 7");
    }

    [Fact]
    public async Task Threads_may_merge_through_one_instance()
    {
        const int Threads = 8;
        const int Steps = 6;
        DeltaTable table = await DeltaTable.CreateAsync(_inner, Columns, null, new() { MaxCommitAttempts = 1000 });
        await table.AppendAsync(Rows("0 0 sum"));
        Task StepAsync(int thread, int step) => table.Merge(Rows("0 1 x", $"{1 + (thread * Steps) + step} 1 own")).On("id")
            .WhenMatched().Update(set => set.Set("n", "target.n + source.n")).WhenNotMatched().InsertAll().ExecuteAsync();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (int step = 0; step < Steps; step++)
            {
                await StepAsync(thread, step);
            }
        })));

        string[] rows = await RowsAsync(table);
        rows[0].Should().Be($"0 {Threads * Steps} sum");
        rows.Should().HaveCount(1 + (Threads * Steps));
    }

    [Fact]
    public async Task Who_loses_each_time_learns_to_whom_and_leaves_nothing()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Columns, null, new() { MaxCommitAttempts = 3 });
        await table.AppendAsync(Rows("1 0 a"));
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        _storage.BeforePutIfAbsent = async path =>
        {
            if (path.StartsWith("_delta_log", StringComparison.Ordinal))
            {
                await other.Merge(Rows("1 1 x")).On("id").WhenMatched().Update(set => set.Set("n", "target.n + source.n")).ExecuteAsync();
            }
        };

        Func<Task> merge = () => Upsert(table, "1 100 x").ExecuteAsync();

        CommitConflictException error = (await merge.Should().ThrowAsync<CommitConflictException>()).Which;
        error.Message.Should().Contain("3 times").And.Contain("(MERGE)");
        (await RowsAsync(await DeltaTable.OpenAsync(_inner))).Should().Equal("1 3 a");
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
