using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

public sealed class V2CheckpointTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task A_table_that_asks_for_them_gets_checkpoints_with_sidecars()
    {
        DeltaTable table = await FillAsync(("delta.feature.v2Checkpoint", "supported"), ("delta.checkpointPolicy", "v2"));

        List<string> files = await Kit.FilesAsync(_storage, ".parquet");
        string top = files.Should().ContainSingle(static path => path.Contains(".checkpoint.")).Subject;
        string sidecar = files.Should().ContainSingle(static path => path.StartsWith("_delta_log/_sidecars/")).Subject;
        LogPaths.Parse(top).Should().Be(new LogFileName(LogFileKind.UuidCheckpoint, 4));
        IReadOnlyList<DeltaAction> read = await CheckpointKit.ReadAsync(_storage, top);
        read.OfType<CheckpointMetadata>().Should().Equal(new CheckpointMetadata(4));
        read.OfType<AddFile>().Should().BeEmpty();
        SidecarFile named = read.OfType<SidecarFile>().Should().ContainSingle().Subject;
        named.SizeInBytes.Should().Be((await _storage.StatAsync(sidecar))!.Size);
        CheckpointContent.PathOf(named).Should().Be(sidecar);
        JsonObject hint = JsonNode.Parse(await _storage.ReadAsync(LogPaths.LastCheckpoint))!.AsObject();
        hint["v2Checkpoint"]!["path"]!.GetValue<string>().Should().Be(top["_delta_log/".Length..]);
        hint["checksum"]!.GetValue<string>().Should().Be(JsonChecksum.Of(hint));

        for (int version = 0; version < 4; version++)
        {
            await _storage.DeleteAsync(LogPaths.Commit(version));
        }

        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        (await reopened.IdsAsync()).Should().Equal(await table.IdsAsync());
        reopened.CurrentSnapshot.RowCount.Should().Be(table.CurrentSnapshot.RowCount);
    }

    [Theory]
    [InlineData("delta.checkpointPolicy", "classic")]
    [InlineData("delta.checkpointPolicy", null)]
    public async Task Without_the_policy_a_table_with_the_feature_keeps_classic_ones(string key, string? value)
    {
        await FillAsync(("delta.feature.v2Checkpoint", "supported"), (key, value));
        (await Kit.FilesAsync(_storage, ".checkpoint.parquet")).Should().Equal(LogPaths.Checkpoint(4));
    }

    [Fact]
    public async Task The_policy_without_the_feature_is_no_reason()
    {
        Snapshot snapshot = CheckpointKit.Snapshot(
            TestLog.Metadata with { Configuration = new Dictionary<string, string> { ["delta.checkpointPolicy"] = "v2" } });
        await new CheckpointWriter(_storage, new ManualTime(), IdSource.System).WriteAsync(snapshot, CancellationToken.None);
        (await Kit.FilesAsync(_storage, ".parquet")).Should().Equal(LogPaths.Checkpoint(0));
    }

    [Fact]
    public async Task A_version_gets_one_checkpoint()
    {
        DeltaTable table = await FillAsync(("delta.feature.v2Checkpoint", "supported"), ("delta.checkpointPolicy", "v2"));
        (await table.Checkpoints.WriteAsync(table.CurrentSnapshot, CancellationToken.None)).Should().BeFalse();
        (await Kit.FilesAsync(_storage, ".parquet")).Where(static path => path.Contains("_delta_log")).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_checkpoint_without_files_has_no_sidecar()
    {
        Dictionary<string, string> properties = new() { ["delta.feature.v2Checkpoint"] = "supported", ["delta.checkpointPolicy"] = "v2" };
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { Properties = properties });
        (await table.Checkpoints.WriteAsync(table.CurrentSnapshot, CancellationToken.None)).Should().BeTrue();
        (await Kit.FilesAsync(_storage, ".parquet")).Should().ContainSingle();
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("classic")]
    public async Task A_crash_at_any_write_leaves_a_table_that_opens(string policy)
    {
        await FillAsync(("delta.feature.v2Checkpoint", "supported"), ("delta.checkpointPolicy", policy));
        for (int step = 0; ; step++)
        {
            InMemoryTableStorage copy = new();
            await foreach (StoredFile file in _storage.ListAsync(""))
            {
                await copy.PutAsync(file.Path, await _storage.ReadAsync(file.Path));
            }

            Maintenance.CrashingStorage crashing = new(copy, step, afterEffect: step % 2 == 0);
            DeltaTable doomed = await DeltaTable.OpenAsync(crashing);
            await Record.ExceptionAsync(() => doomed.AppendAsync(Kit.Rows(99)));
            await Record.ExceptionAsync(() => doomed.CheckpointAsync());

            DeltaTable reopened = await DeltaTable.OpenAsync(copy);
            (await reopened.IdsAsync()).Should().Equal(reopened.CurrentSnapshot.Version == 4 ? [0, 1, 2, 11, 12, 20, 21, 22] : [0, 1, 2, 11, 12, 20, 21, 22, 99]);
            if (!crashing.Crashed)
            {
                step.Should().BeGreaterThan(4);
                return;
            }
        }
    }

    private async Task<DeltaTable> FillAsync(params (string Key, string? Value)[] properties)
    {
        Dictionary<string, string> all = properties.Where(static p => p.Value is not null).ToDictionary(static p => p.Key, static p => p.Value!);
        all["delta.checkpointInterval"] = "4";
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { Properties = all });
        for (int i = 0; i < 3; i++)
        {
            await table.AppendAsync(Kit.Rows(i, i + 10, i + 20));
        }

        await table.DeleteAsync(static id => id == 10);
        return table;
    }
}
