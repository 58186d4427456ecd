using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Snapshots;

public sealed class CheckpointFallbackTests
{
    private const string Uuid = "80a083e8-7026-4e79-81be-64bd76c43a11";
    private readonly TestLog _table = new(new ManualTime());

    [Fact]
    public async Task A_damaged_checkpoint_is_passed_over_for_an_older_one()
    {
        await _table.FillAsync(9);
        await _table.CheckpointAsync(3);
        await DamageAsync(LogPaths.Checkpoint(6));
        await _table.HintAsync("""{"version":6,"size":3}""");
        await _table.DropCommitAsync(1);

        Snapshot snapshot = await _table.LoadAsync();
        snapshot.Version.Should().Be(8);
        snapshot.FileCount.Should().Be(9);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_passed_over_for_the_commits()
    {
        await _table.FillAsync(9);
        await DamageAsync(LogPaths.Checkpoint(3));
        await DamageAsync(LogPaths.Checkpoint(6));
        (await _table.LoadAsync()).FileCount.Should().Be(9);
        (await _table.LoadAsync(4)).FileCount.Should().Be(5);
    }

    [Fact]
    public async Task Of_two_checkpoints_of_one_version_the_whole_one_is_read()
    {
        await _table.FillAsync(5);
        await _table.CheckpointAsync(3);
        await _table.Storage.PutAsync($"{LogPaths.Stem(3)}.checkpoint.{Uuid}.json", await _table.Storage.ReadAsync(LogPaths.Checkpoint(3)));
        await _table.DropCommitAsync(0);
        await DamageAsync(LogPaths.Checkpoint(3));
        (await _table.LoadAsync()).FileCount.Should().Be(5);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("sidecar missing")]
    [InlineData("no protocol")]
    public async Task Without_anything_to_fall_back_to_the_damage_is_named(string damage)
    {
        await _table.FillAsync(5);
        string path = $"{LogPaths.Stem(3)}.checkpoint.{Uuid}.json";
        DeltaAction[] content = damage == "no protocol"
            ? [new CheckpointMetadata(3), TestLog.Metadata]
            : [new CheckpointMetadata(3), TestLog.Protocol, TestLog.Metadata, new SidecarFile("gone.parquet", 1, 1)];
        await _table.Storage.PutAsync(path, damage == "damaged" ? "{"u8.ToArray() : ActionJson.WriteCommit(content));
        await _table.DropCommitAsync(0);

        SnapshotLoader loader = new(new ParquetCheckpointReader());
        CorruptTableException error = (await loader.Invoking(l => l.LoadAsync(_table.Log, null, CancellationToken.None))
            .Should().ThrowAsync<CorruptTableException>()).Which;
        error.Message.Should().Contain(damage == "sidecar missing" ? "gone.parquet" : path);
    }

    private ValueTask DamageAsync(string path) => _table.Storage.PutAsync(path, "{\"add\":"u8.ToArray());
}
