using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Partitions, deletion vectors or copies, change data, row ids, rules of the table.</summary>
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
    public async Task The_history_tells_the_scope_of_a_clause()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b", "3 30 b"));
        MergeScope scope = MergeScope.Where(Filter.Column("t").EqualTo("b"));

        await table.Merge(Rows("1 1 a")).On("id").WhenNotMatchedBySource(scope, "n > 20").Update(set => set.Set("n", "0"))
            .WhenNotMatchedBySource(scope).Delete().ExecuteAsync();

        table.CurrentSnapshot.CommitInfo!.OperationParameters!["notMatchedBySourcePredicates"]!.ToString().Should().Be(
            """[{"predicate":"(t = 'b') AND (n > 20)","actionType":"update"},{"predicate":"(t = 'b')","actionType":"delete"}]""");
    }

    [Fact]
    public async Task The_metrics_are_those_that_Delta_names()
    {
        DeltaTable table = await TableAsync(
            Rows("1 10 a", "2 20 b", "3 30 c", "4 40 d", "5 50 e"), new() { DeletionVectors = false, ChangeDataFeed = true });

        RawMergeResult result = await table.Merge(Rows("1 11 x", "2 _ y", "9 90 z")).On("id")
            .WhenMatched("source.n IS NULL").Delete().WhenMatched().UpdateAll().WhenNotMatched().InsertAll()
            .WhenNotMatchedBySource(MergeScope.WholeTable, "n = 30").Delete()
            .WhenNotMatchedBySource(MergeScope.WholeTable, "n = 40").Update(set => set.Set("n", "41"))
            .ExecuteAsync();

        Dictionary<string, string> metrics = table.CurrentSnapshot.CommitInfo!.OperationMetrics!
            .ToDictionary(metric => metric.Key, metric => metric.Value!.ToString());
        Dictionary<string, string> counts = new()
        {
            ["numSourceRows"] = "3", ["numOutputRows"] = "4",
            ["numTargetRowsInserted"] = "1", ["numTargetRowsUpdated"] = "2", ["numTargetRowsDeleted"] = "2", ["numTargetRowsCopied"] = "1",
            ["numTargetRowsMatchedUpdated"] = "1", ["numTargetRowsMatchedDeleted"] = "1",
            ["numTargetRowsNotMatchedBySourceUpdated"] = "1", ["numTargetRowsNotMatchedBySourceDeleted"] = "1",
            ["numTargetFilesAdded"] = "2", ["numTargetFilesRemoved"] = "1", ["numTargetChangeFilesAdded"] = "1",
            ["numTargetDeletionVectorsAdded"] = "0", ["numTargetDeletionVectorsRemoved"] = "0", ["numTargetDeletionVectorsUpdated"] = "0",
        };
        metrics.Should().Contain(counts);
        metrics.Keys.Except(counts.Keys).Should().BeEquivalentTo(
            "numTargetBytesAdded", "numTargetBytesRemoved", "executionTimeMs", "scanTimeMs", "rewriteTimeMs");
        (metrics["numTargetBytesAdded"], metrics["numTargetBytesRemoved"])
            .Should().Be(($"{result.NumTargetBytesAdded}", $"{result.NumTargetBytesRemoved}"));
        (result.NumTargetBytesAdded, result.NumTargetBytesRemoved).Should().Match<(long, long)>(bytes => bytes.Item1 > 0 && bytes.Item2 > 0);
        (await ChangesAsync(table, 2)).Should().Equal(
            "update_preimage 1 10 a", "update_postimage 1 11 x", "delete 2 20 b", "delete 3 30 c", "update_preimage 4 40 d", "update_postimage 4 41 d",
            "insert 9 90 z");
    }

    [Fact]
    public async Task A_column_without_nulls_is_checked_in_rows_that_change_only()
    {
        Schema schema = new([new Field("id", Int64Type.Default, false), new Field("n", Int64Type.Default, false)], null);
        RecordBatch source = Rows(Schema("id", "n"), "1 _", "2 21", "_ 5");
        DeltaTable table = await TableAsync(Rows(schema, "1 10", "2 20", "3 30"));
        MergeStatement merge = table.Merge(source).On("id");

        await merge.WhenMatched("source.n IS NOT NULL").UpdateAll().ExecuteAsync();
        Func<Task> update = () => merge.WhenMatched().UpdateAll().ExecuteAsync();
        Func<Task> insert = () => merge.WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10", "2 21", "3 30");
        InvalidRowsException first = (await update.Should().ThrowAsync<InvalidRowsException>()).Which;
        (first.ErrorCode, first.Count).Should().Be((ErrorCodes.NotNullViolation, 1));
        first.Message.Should().Contain("'n'");
        (await insert.Should().ThrowAsync<InvalidRowsException>()).Which.Message.Should().Contain("'id'");
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_updated_row_keeps_its_id(bool vectors)
    {
        DeltaTable table = await TableAsync(
            Rows("1 10 a", "2 20 b"), With("delta.enableRowTracking", "true") with { DeletionVectors = vectors });

        await table.Merge(Rows("2 21 x", "3 30 y")).On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();
        await table.Merge(Rows("2 22 z")).On("id").WhenMatched().UpdateAll().ExecuteAsync();

        string[] ids = await IdsAsync(table);
        ids[..2].Should().Equal("1 10 a #0", "2 22 z #1");
        ids[2].Should().MatchRegex("^3 30 y #[3-9]$");
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
