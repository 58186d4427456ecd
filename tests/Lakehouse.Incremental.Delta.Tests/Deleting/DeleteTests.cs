using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Deleting;

public class DeleteTests
{
    private static readonly FilterColumn Id = Filter.Column("id");

    private static readonly Schema Partitioned = new(
        [new Field("id", Int64Type.Default, true), new Field("name", StringType.Default, true), new Field("day", Int32Type.Default, true)], null);

    private readonly InMemoryTableStorage _inner = new();
    private readonly HookedStorage _storage;

    public DeleteTests() => _storage = new HookedStorage(_inner);

    [Fact]
    public async Task Some_rows_of_a_file_go_into_its_deletion_vector_and_a_file_without_rows_leaves()
    {
        DeltaTable table = await NewAsync(1, 2, 3);
        await table.AppendAsync(Kit.Rows(4, 5));
        await table.AppendAsync(Kit.Rows(60));
        (await table.DeleteAsync(Id.In(2L, 4L, 5L, 99L))).Should().Be(new DeleteResult(4, 3, 1, 0, 1, AlreadyApplied: false));
        (await table.IdsAsync()).Should().Equal(1, 3, 60);
        (await table.IdsAsync(3)).Should().Equal(1, 2, 3, 4, 5, 60);
        table.CurrentSnapshot.FileCount.Should().Be(2);
        (await table.DeleteAsync(Id.LessThan(3L))).Should().Be(new DeleteResult(5, 1, 0, 0, 1, AlreadyApplied: false));
        table.CurrentSnapshot.Files.Sum(static file => file.DeletionVector?.Cardinality ?? 0).Should().Be(2);
        (await table.DeleteAsync(Id.LessThan(4L))).Should().Be(new DeleteResult(6, 1, 1, 0, 0, AlreadyApplied: false));
        (await table.IdsAsync()).Should().Equal(60);
    }

    [Fact]
    public async Task Nothing_is_committed_when_no_row_matches()
    {
        DeltaTable table = await NewAsync(1, 2, 3);
        (await table.DeleteAsync(Id.EqualTo(9L))).Should().Be(new DeleteResult(null, 0, 0, 0, 0, AlreadyApplied: false));
        (await (await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema)).DeleteAsync(null)).Version.Should().BeNull();
        table.CurrentSnapshot.Version.Should().Be(1);
    }

    [Fact]
    public async Task A_row_for_which_the_condition_is_unknown_stays()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows([(1, null), (2, "b"), (3, "c")]));
        (await table.DeleteAsync(Filter.Column("name").NotEqualTo("b"))).RowsDeleted.Should().Be(1);
        (await table.IdsAsync()).Should().Equal(1, 2);
        (await table.DeleteAsync(!Filter.Column("name").EqualTo("b"))).RowsDeleted.Should().Be(0);
        (await table.DeleteAsync(Filter.Column("name").IsNull())).RowsDeleted.Should().Be(1);
        (await table.IdsAsync()).Should().Equal(2);
    }

    [Fact]
    public async Task Without_a_filter_all_rows_go_and_no_file_is_read()
    {
        DeltaTable table = await NewAsync(1, 2, 3);
        await table.DeleteAsync(Id.EqualTo(2L));
        await table.AppendAsync(Kit.Rows(4));
        await DropDataFilesAsync();
        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        (await reopened.DeleteAsync(null)).Should().Be(new DeleteResult(4, 3, 2, 0, 0, AlreadyApplied: false));
        (await reopened.IdsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_condition_on_partition_columns_only_reads_no_file()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Partitioned, new() { PartitionColumns = ["day"], ChangeDataFeed = true });
        await table.AppendAsync(Days((1, 10), (2, 10), (3, 11), (4, null)));
        await DropDataFilesAsync();
        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        FilterColumn day = Filter.Column("day");
        (await reopened.DeleteAsync(day.EqualTo(10))).Should().Be(new DeleteResult(2, 2, 1, 0, 0, AlreadyApplied: false));
        (await reopened.DeleteAsync(day.NotEqualTo(11))).Version.Should().BeNull("for null the condition is unknown");
        (await reopened.DeleteAsync(day.IsNull() | day.EqualTo(12))).Should().Be(new DeleteResult(3, 1, 1, 0, 0, AlreadyApplied: false));
        reopened.CurrentSnapshot.Files.Should().ContainSingle().Which.PartitionValues["day"].Should().Be("11");
        (await Kit.FilesAsync(_inner, ".parquet")).Should().BeEmpty("removals alone tell the changes");
    }

    [Fact]
    public async Task A_condition_on_partition_and_other_columns_reads_the_files_of_the_partition_only()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Partitioned, new() { PartitionColumns = ["day"] });
        await table.AppendAsync(Days((1, 10), (2, 10), (1, 11)));
        foreach (string path in await Kit.FilesAsync(_inner, ".parquet"))
        {
            if (path.StartsWith("day=11", StringComparison.Ordinal))
            {
                await _inner.DeleteAsync(path);
            }
        }

        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        (await reopened.DeleteAsync(Filter.Column("day").EqualTo(10) & Id.EqualTo(1L))).RowsDeleted.Should().Be(1);
        reopened.CurrentSnapshot.RowCount.Should().Be(2);
    }

    [Fact]
    public async Task Without_deletion_vectors_files_are_written_anew()
    {
        DeltaTable table = await NewAsync(new DeltaTableCreateOptions { DeletionVectors = false }, 1, 2, 3);
        await table.AppendAsync(Kit.Rows(4, 5));
        await table.AppendAsync(Kit.Rows(60));
        (await table.DeleteAsync(Id.In(2L, 4L, 5L))).Should().Be(new DeleteResult(4, 3, 1, 1, 0, AlreadyApplied: false));
        (await table.IdsAsync()).Should().Equal(1, 3, 60);
        table.CurrentSnapshot.Files.Should().HaveCount(2).And.OnlyContain(static file => file.DeletionVector == null);
        table.CurrentSnapshot.RowCount.Should().Be(3);
    }

    [Fact]
    public async Task A_file_without_statistics_is_written_anew_and_counted_by_its_footer()
    {
        DeltaTable table = await NewAsync(1, 2, 3);
        await table.AppendAsync(Kit.Rows(4, 5));
        await table.CommitAsync(
            static (snapshot, _) => Task.FromResult<Delta.Transactions.CommitPlan?>(new()
            {
                Actions = [.. snapshot.Files.Select(static file => file with { Stats = null, DataChange = false })],
                Info = new CommitInfo { Operation = "TEST" },
            }),
            default);
        (await table.DeleteAsync(Id.EqualTo(2L))).Should().Be(new DeleteResult(4, 1, 0, 1, 0, AlreadyApplied: false));
        (await table.IdsAsync()).Should().Equal(1, 3, 4, 5);
        (await table.DeleteAsync(null)).Should().Be(new DeleteResult(5, 4, 2, 0, 0, AlreadyApplied: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_change_data_of_a_delete_are_the_deleted_rows(bool vectors)
    {
        DeltaTable table = await NewAsync(new DeltaTableCreateOptions { DeletionVectors = vectors, ChangeDataFeed = true }, 1, 2, 3);
        await table.AppendAsync(Kit.Rows(4, 5));
        await table.DeleteAsync(Id.In(2L, 4L, 5L));
        await table.DeleteAsync(Id.EqualTo(3L));
        await table.DeleteAsync(null);
        (await ChangesAsync(table, 3)).Should().Equal("delete 2", "delete 4", "delete 5");
        (await ChangesAsync(table, 4)).Should().Equal("delete 3");
        (await ChangesAsync(table, 5)).Should().Equal("delete 1");
        IReadOnlyList<DeltaAction> mixed = await table.Log.ReadCommitAsync(3, default);
        mixed.OfType<AddCdcFile>().Should().ContainSingle("rows of files that leave must be there, too: readers look at nothing else then");
        (await table.Log.ReadCommitAsync(5, default)).OfType<AddCdcFile>().Should().BeEmpty();
    }

    [Fact]
    public async Task An_append_only_table_refuses_even_when_nothing_matches()
    {
        Dictionary<string, string> appendOnly = new() { ["delta.appendOnly"] = "true" };
        DeltaTable table = await NewAsync(new DeltaTableCreateOptions { Properties = appendOnly }, 1);
        (await Kit.CodeOfAsync(() => table.DeleteAsync(Id.EqualTo(1L)))).Should().Be(ErrorCodes.AppendOnly);
        (await Kit.CodeOfAsync(() => table.DeleteAsync(Id.EqualTo(7L)))).Should().Be(ErrorCodes.AppendOnly);
        (await table.IdsAsync()).Should().Equal(1);
    }

    [Fact]
    public async Task A_filter_that_does_not_fit_is_refused()
    {
        DeltaTable table = await NewAsync(1);
        (await Kit.CodeOfAsync(() => table.DeleteAsync(Filter.Column("nix").EqualTo(1L)))).Should().Be(ErrorCodes.SchemaMismatch);
        (await Kit.CodeOfAsync(() => table.DeleteAsync(Id.EqualTo("text")))).Should().Be(ErrorCodes.SchemaMismatch);
        table.CurrentSnapshot.Version.Should().Be(1);
    }

    [Fact]
    public async Task A_transaction_happens_once()
    {
        DeltaTable table = await NewAsync(1, 2, 3);
        DeleteOptions once = new() { TxnAppId = "app", TxnVersion = 7 };
        (await table.DeleteAsync(Id.EqualTo(1L), once)).RowsDeleted.Should().Be(1);
        (await table.DeleteAsync(Id.EqualTo(2L), once)).Should().Be(new DeleteResult(null, 0, 0, 0, 0, AlreadyApplied: true));
        (await table.DeleteAsync(Id.EqualTo(9L), once with { TxnVersion = 8 })).Version.Should().Be(3, "that it is done must be remembered");
        (await table.DeleteAsync(Id.EqualTo(2L), once with { TxnVersion = 8 })).AlreadyApplied.Should().BeTrue();
        (await table.IdsAsync()).Should().Equal(2, 3);
        Func<Task> half = () => table.DeleteAsync(null, new() { TxnAppId = "app" });
        await half.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task The_history_tells_the_condition_and_the_counts()
    {
        DeltaTable table = await NewAsync(1, 2, 3);
        await table.AppendAsync(Kit.Rows(4));
        await table.DeleteAsync(Id.In(2L, 4L) & Filter.Column("name").NotEqualTo("it's"), new() { UserMetadata = "mine" });
        TableVersion version = (await table.HistoryAsync(1)).Single();
        version.Operation.Should().Be("DELETE");
        version.UserMetadata.Should().Be("mine");
        JsonNode.Parse(version.OperationParameters["predicate"])![0]!.GetValue<string>().Should().Be("((id IN (2, 4)) AND (name <> 'it''s'))");
        version.OperationMetrics.Should().Contain("numDeletedRows", "2").And.Contain("numRemovedFiles", "1").And.Contain("numAddedFiles", "0")
            .And.Contain("numDeletionVectorsAdded", "1").And.Contain("numDeletionVectorsUpdated", "0").And.Contain("numCopiedRows", "0");
        version.IsBlindAppend.Should().BeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_written_is_deleted_again_when_the_delete_fails(bool vectors)
    {
        DeltaTable table = await NewAsync(new DeltaTableCreateOptions { DeletionVectors = vectors, ChangeDataFeed = true }, 1, 2, 3);
        List<string> before = await Kit.FilesAsync(_inner, "");
        _storage.BeforeCreate = static path => path.StartsWith("_change_data", StringComparison.Ordinal)
            ? throw new IOException("full")
            : Task.CompletedTask;
        Func<Task> act = () => table.DeleteAsync(Id.EqualTo(2L));
        await act.Should().ThrowAsync<IOException>();
        (await Kit.FilesAsync(_inner, "")).Should().Equal(before);
        _storage.BeforeCreate = static _ => Task.CompletedTask;
        (await table.DeleteAsync(Id.EqualTo(2L))).RowsDeleted.Should().Be(1);
    }

    private static async Task<List<string>> ChangesAsync(DeltaTable table, long version)
    {
        List<string> changes = [];
        await foreach (RecordBatch batch in table.ReadChangesAsync(version, version))
        {
            changes.AddRange(Kit.Texts(batch, "_change_type").Zip(Kit.Longs(batch, "id"), static (change, id) => $"{change} {id}"));
        }

        changes.Sort(StringComparer.Ordinal);
        return changes;
    }

    private static RecordBatch Days(params (long Id, int? Day)[] rows)
    {
        Int64Array.Builder ids = new();
        StringArray.Builder names = new();
        Int32Array.Builder days = new();
        foreach ((long id, int? day) in rows)
        {
            ids.Append(id);
            names.Append($"n{id}");
            days.Append(day);
        }

        return Kit.Batch(Partitioned, ids.Build(), names.Build(), days.Build());
    }

    private Task<DeltaTable> NewAsync(params long[] ids) => NewAsync(new DeltaTableCreateOptions(), ids);

    private async Task<DeltaTable> NewAsync(DeltaTableCreateOptions create, params long[] ids)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, create);
        await table.AppendAsync(Kit.Rows(ids));
        return table;
    }

    private async Task DropDataFilesAsync()
    {
        foreach (string path in await Kit.FilesAsync(_inner, ".parquet"))
        {
            await _inner.DeleteAsync(path);
        }
    }
}
