using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>
/// Plans that lost a race and are fitted to the rows the winner deleted. That they were not derived anew shows in the version they say they read.
/// </summary>
public class RowRebaseTests
{
    private static readonly FilterColumn Id = Filter.Column("id");
    private static readonly CompactionPolicy Always = new() { Factor = 2 };

    private readonly InMemoryTableStorage _inner = new();
    private readonly HookedStorage _storage;

    public RowRebaseTests() => _storage = new HookedStorage(_inner);

    [Fact]
    public async Task Deletes_of_different_rows_of_one_file_are_united()
    {
        DeltaTable table = await NewAsync(10);
        await WinAsync(table, 2, other => other.DeleteAsync(Id.In(2L, 3L)));
        (await table.DeleteAsync(Id.EqualTo(7L))).Version.Should().Be(3);
        (await table.IdsAsync()).Should().Equal(0, 1, 4, 5, 6, 8, 9);
        AddFile file = table.CurrentSnapshot.Files.Single();
        file.DeletionVector!.Cardinality.Should().Be(3);
        file.Stats.Should().Contain("\"tightBounds\":false").And.Contain("\"numRecords\":10");
        (await RemovedAsync(table, 3)).DeletionVector!.Cardinality.Should().Be(2, "the file with the winner's vector leaves");
        (await InfoAsync(table, 3)).ReadVersion.Should().Be(1, "it was not derived anew");
    }

    [Fact]
    public async Task Three_winners_in_a_row_are_united_too()
    {
        DeltaTable table = await NewAsync(10);
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        int won = 0;
        _storage.BeforePutIfAbsent = path => path.StartsWith("_delta_log", StringComparison.Ordinal) && ++won <= 3
            ? other.DeleteAsync(Id.EqualTo((long)won))
            : Task.CompletedTask;
        (await table.DeleteAsync(Id.EqualTo(7L))).Version.Should().Be(5);
        (await table.IdsAsync()).Should().Equal(0, 4, 5, 6, 8, 9);
        (await InfoAsync(table, 5)).ReadVersion.Should().Be(1);
    }

    [Fact]
    public async Task Large_vectors_are_united_and_the_file_of_the_superseded_one_is_deleted()
    {
        DeltaTable table = await NewAsync(20_000);
        Filter even = Filter.Column("id").In([.. Enumerable.Range(0, 2_000).Select(static i => (object?)(long)(i * 6))]);
        Filter third = Filter.Column("id").In([.. Enumerable.Range(0, 2_000).Select(static i => (object?)(long)((i * 6) + 3))]);
        await WinAsync(table, 2, other => other.DeleteAsync(third));
        await table.DeleteAsync(even);
        (await InfoAsync(table, 3)).ReadVersion.Should().Be(1);
        table.CurrentSnapshot.RowCount.Should().Be(16_000);
        DeltaTable reopened = await DeltaTable.OpenAsync(_inner);
        (await reopened.IdsAsync()).Should()
            .Equal(Enumerable.Range(0, 20_000).Where(static i => i % 3 != 0 || i >= 12_000).Select(static i => (long)i));
        (await Kit.FilesAsync(_inner, ".bin")).Should().HaveCount(2, "the winner's and the union's");
    }

    [Fact]
    public async Task The_same_row_is_a_conflict_and_deleted_once()
    {
        DeltaTable table = await NewAsync(10);
        await WinAsync(table, 2, other => other.DeleteAsync(Id.In(2L, 3L)));
        (await table.DeleteAsync(Id.In(3L, 4L))).Should().Be(new DeleteResult(3, 1, 0, 0, 1, AlreadyApplied: false), "row 3 was deleted already");
        (await InfoAsync(table, 3)).ReadVersion.Should().Be(2, "it was derived anew");
        (await table.IdsAsync()).Should().Equal(0, 1, 5, 6, 7, 8, 9);
    }

    [Fact]
    public async Task A_delete_that_finds_all_its_rows_deleted_does_nothing()
    {
        DeltaTable table = await NewAsync(10);
        await WinAsync(table, 2, other => other.DeleteAsync(Id.In(2L, 3L)));
        (await table.DeleteAsync(Id.EqualTo(3L))).Version.Should().BeNull();
        table.CurrentSnapshot.Version.Should().Be(2);
    }

    [Fact]
    public async Task A_file_of_which_both_together_delete_all_rows_leaves()
    {
        DeltaTable table = await NewAsync(4);
        await WinAsync(table, 2, other => other.DeleteAsync(Id.LessThan(2L)));
        (await table.DeleteAsync(Id.GreaterThanOrEqualTo(2L))).Should().Be(new DeleteResult(3, 2, 1, 0, 0, AlreadyApplied: false));
        table.CurrentSnapshot.FileCount.Should().Be(0);
    }

    [Fact]
    public async Task Rows_deleted_from_files_that_are_compacted_are_deleted_in_the_new_file()
    {
        DeltaTable table = await NewAsync(10);
        await table.AppendAsync(Rows(10, 10));
        await table.DeleteAsync(Id.In(0L, 12L));
        await WinAsync(table, 4, other => other.DeleteAsync(Id.In(5L, 11L, 19L)));
        (await Compaction.StepAsync(table, Always, default)).Should().Be(5);
        (await table.IdsAsync()).Should().Equal(1, 2, 3, 4, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 18);
        AddFile file = table.CurrentSnapshot.Files.Single();
        file.DeletionVector!.Cardinality.Should().Be(3);
        file.Stats.Should().Contain("\"numRecords\":18").And.Contain("\"tightBounds\":false");
        CommitInfo info = await InfoAsync(table, 5);
        info.ReadVersion.Should().Be(3, "the new file was not written again");
        info.IsolationLevel.Should().Be("SnapshotIsolation");
    }

    [Fact]
    public async Task A_compacted_file_of_which_all_rows_were_deleted_is_left_out()
    {
        await (await NewAsync(10)).AppendAsync(Rows(10, 3));
        DeltaTable table = await DeltaTable.OpenAsync(_storage, new() { MaxRowsPerFile = 5 });

        // The new files take 5, 5 and 3 rows in the order in which they are read; the second five lie in the middle of the file of ten.
        long[] second = [.. (await table.ReadAsync().ListAsync()).SelectMany(static batch => Kit.Longs(batch, "id")).Skip(5).Take(5)];
        await WinAsync(table, 3, other => other.DeleteAsync(Id.In([.. second.Cast<object?>()])));
        (await Compaction.StepAsync(table, Always, default)).Should().Be(4);
        (await table.IdsAsync()).Should().HaveCount(8).And.NotContain(second);
        (await InfoAsync(table, 4)).ReadVersion.Should().Be(2);
        table.CurrentSnapshot.Files.Should().HaveCount(2).And.OnlyContain(static file => file.DeletionVector == null);
        (await Kit.FilesAsync(_inner, ".parquet")).Should().HaveCount(4, "the file that was not needed any more is deleted");
    }

    [Fact]
    public async Task A_delete_that_lost_to_a_compaction_is_derived_anew()
    {
        DeltaTable table = await NewAsync(10);
        await table.AppendAsync(Rows(10, 10));
        await WinAsync(table, 3, other => Compaction.StepAsync(other, Always, default));
        (await table.DeleteAsync(Id.In(5L, 15L))).Should().Be(new DeleteResult(4, 2, 0, 0, 1, AlreadyApplied: false));
        (await InfoAsync(table, 4)).ReadVersion.Should().Be(3);
        (await table.IdsAsync()).Should().HaveCount(18).And.NotContain([5L, 15L]);
    }

    [Fact]
    public async Task New_statistics_of_a_file_survive_a_delete_that_came_second()
    {
        DeltaTable table = await NewAsync(10);
        await WinAsync(table, 2, static other => other.CommitAsync(
            static (snapshot, _) => Task.FromResult<CommitPlan?>(new CommitPlan
            {
                Actions =
                [
                    .. snapshot.Files.Select(static f => f with { DataChange = false, BaseRowId = 77, Stats = "{\"numRecords\":10,\"mark\":1}" }),
                ],
                Info = new CommitInfo { Operation = "COMPUTE STATS" },
            }),
            default));
        await table.DeleteAsync(Id.EqualTo(7L));
        AddFile file = table.CurrentSnapshot.Files.Single();
        file.BaseRowId.Should().Be(77);
        file.Stats.Should().Contain("\"mark\":1").And.Contain("\"tightBounds\":false");
        (await InfoAsync(table, 3)).ReadVersion.Should().Be(1);
    }

    [Fact]
    public async Task Under_write_serializable_a_blind_append_does_not_disturb_a_delete()
    {
        DeltaTable table = await NewAsync(10);
        await WinAsync(table, 2, static other => other.AppendAsync(Rows(7, 1)));
        (await table.DeleteAsync(Id.EqualTo(7L))).RowsDeleted.Should().Be(1);
        (await table.IdsAsync()).Should().Equal(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        CommitInfo info = await InfoAsync(table, 3);
        info.ReadVersion.Should().Be(1);
        info.IsolationLevel.Should().Be("WriteSerializable");
    }

    [Theory]
    [InlineData(7, 2)]
    [InlineData(70, 1)]
    public async Task Under_serializable_an_appended_file_counts_if_it_may_hold_matching_rows(long appended, long readVersion)
    {
        DeltaTable table = await NewAsync(10, null, "serializable");
        await WinAsync(table, 2, other => other.AppendAsync(Rows(appended, 1)));
        await table.DeleteAsync(Id.EqualTo(7L));
        (await table.IdsAsync()).Should().NotContain(7);
        CommitInfo info = await InfoAsync(table, 3);
        info.ReadVersion.Should().Be(readVersion);
        info.IsolationLevel.Should().Be("Serializable");
    }

    [Fact]
    public async Task Row_ids_and_times_are_given_anew_for_the_version_it_becomes()
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            _storage,
            Kit.Schema,
            new()
            {
                Properties = new Dictionary<string, string> { ["delta.enableRowTracking"] = "true", ["delta.enableInCommitTimestamps"] = "true" },
            },
            new() { TimeProvider = new StandingTime() });
        await table.AppendAsync(Rows(0, 10));
        await WinAsync(table, 2, static other => other.AppendAsync(Rows(10, 5)));
        await table.AppendAsync(Rows(20, 7));
        await WinAsync(table, 4, static other => other.DeleteAsync(Id.EqualTo(3L)));
        await table.DeleteAsync(Id.EqualTo(4L));

        table.CurrentSnapshot.Files.OrderBy(static file => file.BaseRowId).Select(static file => (file.BaseRowId, file.DefaultRowCommitVersion))
            .Should().Equal((0, 1), (10, 2), (15, 3));
        table.CurrentSnapshot.Domain("delta.rowTracking").Should().Contain("21");
        List<long> times = [];
        for (long version = 0; version <= 5; version++)
        {
            times.Add((await InfoAsync(table, version)).InCommitTimestamp!.Value);
        }

        times.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        (await InfoAsync(table, 5)).ReadVersion.Should().Be(3);
    }

    [Fact]
    public async Task A_conflict_that_does_not_end_is_named()
    {
        DeltaTable table = await NewAsync(30, new() { MaxCommitAttempts = 3 });
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        long next = 7;
        _storage.BeforePutIfAbsent = async path =>
        {
            if (path.StartsWith("_delta_log", StringComparison.Ordinal))
            {
                await other.DeleteAsync(Id.EqualTo(next++));
            }
        };
        Func<Task> act = () => table.DeleteAsync(Id.GreaterThan(5L));
        CommitConflictException error = (await act.Should().ThrowAsync<CommitConflictException>()).Which;
        error.Conflict.Should().Be("ConcurrentDeleteDelete");
        error.WinnerVersion.Should().Be(4);
        error.WinnerOperation.Should().Be("DELETE");
        error.IsTransient.Should().BeTrue();
        error.Message.Should().Contain("3 times in a row").And.Contain("version 4 (DELETE): ConcurrentDeleteDelete on 'part-");
        (await other.IdsAsync()).Should().HaveCount(27);
    }

    [Fact]
    public async Task A_plan_that_cannot_be_derived_again_ends_with_the_first_conflict()
    {
        DeltaTable table = await NewAsync(10);
        await WinAsync(table, 2, static other => other.AppendAsync(Rows(50, 1), new() { TxnAppId = "app", TxnVersion = 1 }));
        int derivations = 0;
        Func<Task> act = () => table.CommitAsync(
            (_, _) =>
            {
                derivations++;
                return Task.FromResult<CommitPlan?>(new CommitPlan
                {
                    Actions = [new SetTransaction("app", 2)],
                    Info = new CommitInfo { Operation = "TEST" },
                    Reads = ReadScope.Nothing,
                    DerivedOnce = true,
                });
            },
            default);
        CommitConflictException error = (await act.Should().ThrowAsync<CommitConflictException>()).Which;
        error.Conflict.Should().Be("ConcurrentTransaction");
        error.WinnerOperation.Should().Be("WRITE");
        derivations.Should().Be(1);
    }

    [Fact]
    public async Task A_winner_that_a_clean_up_took_from_the_log_makes_the_plan_be_derived_anew()
    {
        DeltaTable table = await NewAsync(10);
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        bool won = false;
        _storage.BeforePutIfAbsent = async path =>
        {
            if (!won && path.EndsWith("2.json", StringComparison.Ordinal))
            {
                won = true;
                await other.DeleteAsync(Id.EqualTo(1L));
            }
        };
        _storage.BeforeRead = async path =>
        {
            // Between the listing of the new version and the reading of its commit, only the checker still wants it.
            if (won && path.EndsWith("2.json", StringComparison.Ordinal) && table.CurrentSnapshot.Version == 2)
            {
                await _inner.DeleteAsync(path);
            }
        };
        (await table.DeleteAsync(Id.EqualTo(7L))).Version.Should().Be(3);
        (await table.IdsAsync()).Should().Equal(0, 2, 3, 4, 5, 6, 8, 9);
        (await InfoAsync(table, 3)).ReadVersion.Should().Be(2);
    }

    [Fact]
    public async Task An_unknown_isolation_level_is_refused()
    {
        DeltaTable table = await NewAsync(1, null, "SnapshotIsolation");
        (await Kit.CodeOfAsync(() => table.DeleteAsync(null))).Should().Be(ErrorCodes.InvalidConfiguration);
    }

    private static Apache.Arrow.RecordBatch Rows(long first, int count) => Kit.Rows([.. Enumerable.Range(0, count).Select(i => first + i)]);

    private static async Task<CommitInfo> InfoAsync(DeltaTable table, long version) =>
        (await table.Log.ReadCommitAsync(version, default)).OfType<CommitInfo>().Single();

    private static async Task<RemoveFile> RemovedAsync(DeltaTable table, long version) =>
        (await table.Log.ReadCommitAsync(version, default)).OfType<RemoveFile>().Single();

    // One file with ids from 0 on, as version 1; an invalid level comes in by the log only.
    private async Task<DeltaTable> NewAsync(int rows, DeltaTableOptions? options = null, string? level = null)
    {
        Dictionary<string, string> properties = level is null ? [] : new() { [IsolationLevels.Key] = level };
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { Properties = properties }, options);
        IReadOnlyList<AddFile> files = await table.Writer.WriteAsync(table.CurrentSnapshot, [Rows(0, rows)], default);
        await table.Log.TryCommitAsync(1, [new CommitInfo { Operation = "WRITE" }, .. files], default);
        await table.RefreshAsync();
        return table;
    }

    private async Task WinAsync(DeltaTable loser, long version, Func<DeltaTable, Task> commit)
    {
        DeltaTable other = await DeltaTable.OpenAsync(_inner);
        other.CurrentSnapshot.Version.Should().Be(loser.CurrentSnapshot.Version);
        bool done = false;
        _storage.BeforePutIfAbsent = async path =>
        {
            if (!done && path.EndsWith($"{version:D20}.json", StringComparison.Ordinal))
            {
                done = true;
                await commit(other);
            }
        };
    }

    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
