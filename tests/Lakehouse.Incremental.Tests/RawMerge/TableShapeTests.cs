using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Partitions, deletion vectors or copies, change data, row ids, rules of the table, new columns.</summary>
public sealed class TableShapeTests
{
    private static MergeStatement Mixed(DeltaTable table) => table.Merge(Rows("2 21 x", "3 _ y", "9 90 z")).On("id")
        .WhenMatched("source.n IS NULL").Delete().WhenMatched().UpdateAll().WhenNotMatched().InsertAll();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deletion_vectors_and_copies_have_the_same_result(bool vectors)
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b", "3 30 c"), new() { DeletionVectors = vectors, ChangeDataFeed = true });

        RawMergeResult result = await Mixed(table).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 21 x", "9 90 z");
        (await ChangesAsync(table, 2)).Should().Equal("update_preimage 2 20 b", "update_postimage 2 21 x", "delete 3 30 c", "insert 9 90 z");
        (result.NumTargetRowsCopied, result.NumTargetFilesRemoved, result.NumTargetDeletionVectorsAdded, result.NumTargetFilesAdded)
            .Should().Be(vectors ? (0, 0, 1, 1) : (1, 1, 0, 2));
        result.NumTargetChangeFilesAdded.Should().Be(1);
    }

    [Fact]
    public async Task The_history_has_the_counts_under_the_names_of_Delta()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b", "3 30 c"));

        await Mixed(table).WithUserMetadata("why").ExecuteAsync();

        TableVersion version = (await table.HistoryAsync(1))[0];
        (version.Operation, version.UserMetadata).Should().Be(("MERGE", "why"));
        CommitInfo info = table.CurrentSnapshot.CommitInfo!;
        info.OperationMetrics!["numTargetRowsUpdated"]!.ToString().Should().Be("1");
        info.OperationMetrics["numTargetRowsMatchedDeleted"]!.ToString().Should().Be("1");
        info.OperationMetrics["numSourceRows"]!.ToString().Should().Be("3");
        info.OperationParameters!["predicate"]!.ToString().Should().Be("target.`id` = source.`id`");
        info.OperationParameters["matchedPredicates"]!.ToString().Should()
            .Be("""[{"predicate":"source.n IS NULL","actionType":"delete"},{"actionType":"update"}]""");
    }

    [Fact]
    public async Task A_file_whose_rows_all_leave_is_removed()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));

        RawMergeResult result = await table.Merge(Rows("1 0 x", "2 0 x")).On("id").WhenMatched().Delete().ExecuteAsync();

        (result.NumTargetFilesRemoved, result.NumTargetDeletionVectorsAdded, table.CurrentSnapshot.FileCount).Should().Be((1, 0, 0));
    }

    [Fact]
    public async Task Only_files_that_can_hold_a_match_are_read()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "5 20 b"));
        await table.AppendAsync(Rows("11 10 a", "15 20 b"));
        await table.AppendAsync(Rows("21 10 c", "25 20 c"));

        RawMergeResult byKey = await table.Merge(Rows("11 1 x", "7 1 y")).On("id").WhenMatched().UpdateAll().ExecuteAsync();
        RawMergeResult byScope = await table.Merge(Rows("16 1 x")).On("id")
            .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("t").EqualTo("c"))).Delete().ExecuteAsync();

        (byKey.NumTargetFilesScanned, byScope.NumTargetFilesScanned).Should().Be((1, 1));
        (await RowsAsync(table)).Should().Equal("1 10 a", "11 1 x", "15 20 b", "5 20 b");
    }

    [Theory]
    [InlineData("target.id = source.id AND target.t = 'b'", 1)]
    [InlineData("target.id = source.id AND target.t >= 'b' AND target.n > 15", 2)]
    [InlineData("target.id = source.id AND target.n > '15'", 3)]
    public async Task What_the_condition_says_of_the_target_alone_spares_files_too(string condition, int files)
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "1 20 b", "1 30 c", "9 40 c"), new() { PartitionColumns = ["t"] });

        RawMergeResult result = await table.Merge(Rows("1 0 x")).OnCondition(condition).WhenMatched().Delete().ExecuteAsync();

        result.NumTargetFilesScanned.Should().Be(files);
        (await RowsAsync(table)).Should().HaveCount(files == 1 ? 3 : 2);
    }

    [Fact]
    public async Task Partitions_are_pruned_and_rows_move_between_them()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b", "3 30 c"), new() { PartitionColumns = ["t"] });

        RawMergeResult result = await table.Merge(Rows("1 11 a", "2 20 a", "4 40 d")).OnCondition("target.id = source.id AND target.t = source.t")
            .WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();
        await table.Merge(Rows("3 0 z")).On("id").WhenMatched().Update(set => set.Set("t", "source.t")).ExecuteAsync();

        result.NumTargetFilesScanned.Should().Be(1);
        (await RowsAsync(table)).Should().Equal("1 11 a", "2 20 a", "2 20 b", "3 30 z", "4 40 d");
    }

    [Fact]
    public async Task An_updated_row_keeps_its_id()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"), With("delta.enableRowTracking", "true"));

        await table.Merge(Rows("2 21 x", "3 30 y")).On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();
        await table.Merge(Rows("2 22 z")).On("id").WhenMatched().UpdateAll().ExecuteAsync();

        (await IdsAsync(table)).Should().Equal("1 10 a #0", "2 22 z #1", "3 30 y #3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_breaks_a_constraint_leaves_no_trace(bool vectors)
    {
        InMemoryTableStorage storage = new();
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"), new() { DeletionVectors = vectors, ChangeDataFeed = true }, storage);
        await table.AddConstraintAsync("positive", "n > 0");
        string[] before = await FilesAsync(storage);

        Func<Task> update = () => table.Merge(Rows("2 -1 x")).On("id").WhenMatched().UpdateAll().ExecuteAsync();
        Func<Task> insert = () => table.Merge(Rows("2 5 x", "3 -1 x")).On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        (await update.Should().ThrowAsync<InvalidRowsException>()).Which.ErrorCode.Should().Be(ErrorCodes.ConstraintViolation);
        (await insert.Should().ThrowAsync<InvalidRowsException>()).Which.ErrorCode.Should().Be(ErrorCodes.ConstraintViolation);
        (await FilesAsync(storage)).Should().Equal(before);
    }

    [Fact]
    public async Task Defaults_numbers_and_generated_columns_are_filled_and_follow()
    {
        Schema schema = new(
            [
                new Field("id", Int64Type.Default, true),
                new Field("n", Int64Type.Default, true),
                new Field("half", Int64Type.Default, true, new Dictionary<string, string> { ["delta.generationExpression"] = "n div 2" }),
                new Field("t", StringType.Default, true, new Dictionary<string, string> { ["CURRENT_DEFAULT"] = "'new'" }),
                new Field(
                    "no", Int64Type.Default, true, new Dictionary<string, string>
                    {
                        ["delta.identity.start"] = "100", ["delta.identity.step"] = "1", ["delta.identity.allowExplicitInsert"] = "false",
                    }),
            ],
            null);
        DeltaTable table = await DeltaTable.CreateAsync(
            new InMemoryTableStorage(), schema, With("delta.feature.allowColumnDefaults", "supported"));
        RecordBatch Source(params string[] rows) => Rows(Schema("id", "n"), rows);
        MergeStatement Upsert(RecordBatch source) => table.Merge(source).On("id").WhenMatched().Update(set => set.Set("n", "source.n"))
            .WhenNotMatched().Insert(values => values.Set("id", "source.id").Set("n", "source.n"));

        await Upsert(Source("1 10", "2 20")).ExecuteAsync();
        await Upsert(Source("2 40", "3 60")).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 5 new 100", "2 40 20 new 101", "3 60 30 new 102");
    }

    [Fact]
    public async Task An_append_only_table_takes_inserts_only()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"), With("delta.appendOnly", "true"));
        MergeStatement merge = table.Merge(Rows("1 11 x", "2 20 b")).On("id");

        Func<Task> update = () => merge.WhenMatched().UpdateAll().ExecuteAsync();
        (await update.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.AppendOnly);

        await merge.WhenNotMatched().InsertAll().ExecuteAsync();
        (await RowsAsync(table)).Should().Equal("1 10 a", "2 20 b");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("name")]
    public async Task New_columns_of_the_source_come_in_the_same_commit(string mapping)
    {
        DeltaTable table = await TableAsync(
            Rows("1 10 a", "2 20 b"), With("delta.columnMapping.mode", mapping) with { ChangeDataFeed = true });
        RecordBatch source = Rows(Schema("id", "n", "extra"), "2 21 x", "3 30 y");

        RawMergeResult result = await table.Merge(source).On("id").WithSchemaEvolution()
            .WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        result.Version.Should().Be(2);
        (await RowsAsync(table)).Should().Equal("1 10 a _", "2 21 b x", "3 30 _ y");
        (await ChangesAsync(table, 2)).Should().Equal("update_preimage 2 20 b _", "update_postimage 2 21 b x", "insert 3 30 _ y");
    }

    [Fact]
    public async Task Only_columns_that_are_set_are_added_when_no_clause_takes_all()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        RecordBatch source = Rows(Schema("id", "x", "y"), "1 p q");

        await table.Merge(source).On("id").WithSchemaEvolution().WhenMatched().Update(set => set.Set("y", "source.y")).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a q");
    }

    private static async Task<string[]> IdsAsync(DeltaTable table)
    {
        List<string> rows = [];
        Delta.Snapshots.Snapshot snapshot = table.CurrentSnapshot;
        Delta.RowTracking.RowTrackingColumns tracking = Delta.RowTracking.RowTrackingColumns.Of(snapshot)!;
        foreach (AddFile file in table.CurrentSnapshot.Files)
        {
            Delta.DeletionVectors.DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None);
            await foreach (Delta.DataFiles.FileBatch part in table.Reader.ReadAsync(snapshot, file, snapshot.Schema, CancellationToken.None))
            {
                int[] live = [.. Enumerable.Range(0, part.Batch.Length).Where(row => !deleted.Contains(part.FirstRow + row))];
                long?[] ids = await tracking.IdsAsync(
                    table, table.CurrentSnapshot, file, live.Select(row => (int)part.FirstRow + row).ToArray(), CancellationToken.None);
                string[] words = [.. Words(part.Batch)];
                rows.AddRange(live.Select((row, i) => $"{words[row]} #{ids[i]}"));
            }
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private static DeltaTableCreateOptions With(string property, string value) =>
        new() { Properties = new Dictionary<string, string> { [property] = value } };

    private static async Task<string[]> FilesAsync(InMemoryTableStorage storage)
    {
        List<string> paths = [];
        await foreach (StoredFile file in storage.ListAsync(""))
        {
            paths.Add(file.Path);
        }

        return [.. paths.Order(StringComparer.Ordinal)];
    }
}
