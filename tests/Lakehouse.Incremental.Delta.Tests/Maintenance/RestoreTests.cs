using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Maintenance;

public sealed class RestoreTests
{
    private readonly TimedTable _timed = new();

    [Fact]
    public async Task A_table_becomes_what_it_was()
    {
        DeltaTable table = await _timed.CreateAsync(Kit.WithChanges);
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        await table.DeleteAsync(static id => id == 2);
        await table.OverwriteAsync(Kit.Rows(9));

        RestoreResult result = await table.RestoreAsync(2);

        result.Should().Be(new RestoreResult(4, 2, 1, 1));
        (await table.IdsAsync()).Should().Equal(1, 3);
        table.CurrentSnapshot.RowCount.Should().Be(2);
        List<RecordBatch> changes = await table.ReadChangesAsync(4, 4).ListAsync();
        changes.SelectMany(batch => Kit.Longs(batch, "id").Zip(Kit.Texts(batch, "_change_type"))).Order()
            .Should().Equal((1, "insert"), (3, "insert"), (9, "delete"));
        TableVersion version = (await table.HistoryAsync(1)).Single();
        version.Operation.Should().Be("RESTORE");
        version.OperationParameters["version"].Should().Be("2");
        version.OperationMetrics["numRestoredFiles"].Should().Be("1");
        (await table.RestoreAsync(2)).Version.Should().BeNull("the table is as it should be");
    }

    [Fact]
    public async Task Another_deletion_vector_of_the_same_file_comes_back()
    {
        DeltaTable table = await _timed.CreateAsync(Kit.WithChanges);
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        await table.DeleteAsync(static id => id == 2);
        await table.DeleteAsync(static id => id == 3);
        await table.RestoreAsync(2);
        (await table.IdsAsync()).Should().Equal(1, 3);
        await table.RestoreAsync(1);
        (await table.IdsAsync()).Should().Equal(1, 2, 3);
        (await (await _timed.OpenAsync()).IdsAsync()).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_moment_leads_to_its_version()
    {
        DeltaTable table = await _timed.CreateAsync();
        _timed.Pass(1);
        await table.AppendAsync(Kit.Rows(1));
        _timed.Pass(1);
        DateTimeOffset between = _timed.Time.GetUtcNow();
        _timed.Pass(1);
        await table.AppendAsync(Kit.Rows(2));
        (await table.RestoreAsync(between)).RestoredVersion.Should().Be(1);
        (await table.IdsAsync()).Should().Equal(1);
    }

    [Fact]
    public async Task Properties_and_domains_go_back_but_not_the_protocol()
    {
        DeltaTable table = await _timed.CreateAsync(new() { Properties = new Dictionary<string, string> { ["x"] = "old", ["delta.columnMapping.maxColumnId"] = "3" } });
        await CommitAsync(table, new DomainMetadata("kept", "a", false), new DomainMetadata("gone", "b", false));
        MetadataAction changed = table.CurrentSnapshot.Metadata with
        {
            Description = "new",
            Configuration = new Dictionary<string, string>(table.CurrentSnapshot.Properties)
            {
                ["x"] = "new",
                ["y"] = "new",
                ["delta.columnMapping.maxColumnId"] = "5",
                ["delta.enableInCommitTimestamps"] = "true",
            },
        };
        ProtocolAction protocol = table.CurrentSnapshot.Protocol with { WriterFeatures = [.. table.CurrentSnapshot.Protocol.WriterFeatures!, "inCommitTimestamp"] };
        await CommitAsync(
            table, changed, protocol, new DomainMetadata("kept", "c", false), new DomainMetadata("gone", "b", true), new DomainMetadata("later", "d", false),
            new DomainMetadata("delta.rowTracking", "{\"rowIdHighWaterMark\":9}", false));

        await table.RestoreAsync(1);

        table.CurrentSnapshot.Properties.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["x"] = "old",
            ["delta.enableDeletionVectors"] = "true",
            ["delta.columnMapping.maxColumnId"] = "5",
            ["delta.enableInCommitTimestamps"] = "true",
            ["delta.inCommitTimestampEnablementVersion"] = "2",
            ["delta.inCommitTimestampEnablementTimestamp"] = (await table.SnapshotAtAsync(2)).CommitInfo!.InCommitTimestamp!.ToString()!,
        });
        table.CurrentSnapshot.Metadata.Description.Should().BeNull();
        table.CurrentSnapshot.Domains.Values.Select(static domain => (domain.Domain, domain.Configuration)).Should().BeEquivalentTo(
            [("kept", "a"), ("gone", "b"), ("delta.rowTracking", "{\"rowIdHighWaterMark\":9}")]);
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Contain("inCommitTimestamp");
    }

    [Theory]
    [InlineData("1", "5", "7", "7")]
    [InlineData("1", "9", "7", "9")]
    [InlineData("-1", "-5", "-7", "-7")]
    [InlineData("-1", "-9", "-7", "-9")]
    [InlineData("1", null, "7", "7")]
    public void An_identity_column_does_not_count_again(string step, string? then, string now, string expected)
    {
        string kept = IdentityMarks.Kept(Schema(then), Schema(now));
        kept.Should().Be(Schema(expected));

        string Schema(string? mark) =>
            $$$"""{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{"delta.identity.step":{{{step}}}{{{(mark is null ? "" : ",\"delta.identity.highWaterMark\":" + mark)}}}}}]}""";
    }

    [Fact]
    public async Task Row_ids_come_back_and_are_not_given_again()
    {
        DeltaTable table = await _timed.CreateAsync(new() { Properties = new Dictionary<string, string> { ["delta.enableRowTracking"] = "true" } });
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        AddFile first = table.CurrentSnapshot.Files.Single();
        await table.OverwriteAsync(Kit.Rows(4, 5));

        await table.RestoreAsync(1);
        await table.AppendAsync(Kit.Rows(6));

        AddFile[] files = [.. table.CurrentSnapshot.Files.OrderBy(static file => file.BaseRowId)];
        files[0].BaseRowId.Should().Be(0).And.Be(first.BaseRowId);
        files[0].DefaultRowCommitVersion.Should().Be(1);
        files[1].BaseRowId.Should().Be(5, "five ids had been given");
        files[1].DefaultRowCommitVersion.Should().Be(4);
        (await (await _timed.OpenAsync()).IdsAsync()).Should().Equal(1, 2, 3, 6);
    }

    [Fact]
    public async Task What_was_delivered_stays_delivered()
    {
        DeltaTable table = await _timed.CreateAsync();
        await table.AppendAsync(Kit.Rows(1), new() { TxnAppId = "a", TxnVersion = 1 });
        await table.AppendAsync(Kit.Rows(2), new() { TxnAppId = "a", TxnVersion = 2 });
        await table.RestoreAsync(1);
        (await table.AppendAsync(Kit.Rows(3), new() { TxnAppId = "a", TxnVersion = 2 })).AlreadyApplied.Should().BeTrue();
    }

    [Fact]
    public async Task Missing_files_are_named_and_nothing_is_committed()
    {
        DeltaTable table = await _timed.CreateAsync();
        await table.AppendAsync(Kit.Rows(1));
        string path = table.CurrentSnapshot.Files.Single().Path;
        await CommitAsync(table, new DomainMetadata("d", """{"f":["_incremental/state/x.parquet"]}""", false));
        await CommitAsync(table, new DomainMetadata("d", "", true));
        await table.OverwriteAsync(Kit.Rows(2));
        await _timed.Storage.DeleteAsync(path);

        LakehouseException error = (await table.Invoking(t => t.RestoreAsync(2)).Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.FilesMissing);
        error.SampleKeys.Should().Equal(path, "_incremental/state/x.parquet");
        table.CurrentSnapshot.Version.Should().Be(4);
    }

    [Fact]
    public async Task An_append_only_table_keeps_its_rows()
    {
        DeltaTable table = await _timed.CreateAsync(new() { Properties = new Dictionary<string, string> { ["delta.appendOnly"] = "true" } });
        await table.AppendAsync(Kit.Rows(1));
        (await Kit.CodeOfAsync(() => table.RestoreAsync(0))).Should().Be(ErrorCodes.AppendOnly);
        (await Kit.CodeOfAsync(() => table.RestoreAsync(7))).Should().Be(ErrorCodes.VersionNotFound);
    }

    [Fact]
    public async Task A_lost_race_takes_the_new_rows_into_account()
    {
        HookedStorage storage = new(_timed.Storage);
        DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1));
        await table.OverwriteAsync(Kit.Rows(2));
        DeltaTable other = await DeltaTable.OpenAsync(_timed.Storage);
        int commits = 0;
        storage.BeforePutIfAbsent = async path =>
        {
            if (path.EndsWith(".json", StringComparison.Ordinal) && commits++ == 0)
            {
                await other.AppendAsync(Kit.Rows(3));
            }
        };
        await table.RestoreAsync(1);
        (await table.IdsAsync()).Should().Equal(1);
        (await table.IdsAsync(3)).Should().Equal(2, 3);
    }

    [Fact]
    public async Task A_crash_at_any_write_leaves_one_version_or_the_other()
    {
        for (int step = 0; ; step++)
        {
            foreach (bool afterEffect in new[] { false, true })
            {
                TimedTable timed = new();
                DeltaTable table = await timed.CreateAsync(new() { Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "3" } });
                await table.AppendAsync(Kit.Rows(1, 2));
                await table.OverwriteAsync(Kit.Rows(3));
                CrashingStorage crashing = new(timed.Storage, step, afterEffect);
                DeltaTable doomed = await timed.OpenAsync(crashing);
                bool acknowledged = await Record.ExceptionAsync(() => doomed.RestoreAsync(1)) is null;

                DeltaTable reopened = await timed.OpenAsync();
                bool stands = reopened.CurrentSnapshot.Version == 3;
                (await reopened.IdsAsync()).Should().Equal(stands ? [1, 2] : [3]);
                (stands || !acknowledged).Should().BeTrue();
                await reopened.RestoreAsync(1);
                (await reopened.IdsAsync()).Should().Equal(1, 2);
                if (!crashing.Crashed)
                {
                    step.Should().BeGreaterThan(2);
                    return;
                }
            }
        }
    }

    private static Task<TransactionResult?> CommitAsync(DeltaTable table, params DeltaAction[] actions) => table.CommitAsync(
        (_, _) => Task.FromResult<CommitPlan?>(new CommitPlan { Actions = actions, Info = new CommitInfo { Operation = "TEST" } }), CancellationToken.None);
}
