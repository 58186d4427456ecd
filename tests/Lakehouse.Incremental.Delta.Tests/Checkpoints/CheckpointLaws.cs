using System.Text.Json;
using CsCheck;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Actions;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

public sealed class CheckpointLaws
{
    [Fact]
    public void A_table_read_over_its_checkpoint_is_the_same_table() => ActionGen.Action.Array[0, 12].Sample(
        async actions =>
        {
            DeltaAction[] valid = [.. actions.Where(static action => action is AddFile or RemoveFile or SetTransaction or DomainMetadata).Select(Fresh)];
            InMemoryTableStorage storage = new();
            await storage.PutAsync(LogPaths.Commit(0), ActionJson.WriteCommit([TestLog.Protocol, TestLog.Metadata, .. valid]));
            SnapshotLoader loader = new(new ParquetCheckpointReader());
            DeltaLog log = new(storage);
            Snapshot replayed = await loader.LoadAsync(log, null, CancellationToken.None);

            await new CheckpointWriter(storage, new ManualTime(), IdSource.System).WriteAsync(replayed, CancellationToken.None);
            await storage.DeleteAsync(LogPaths.Commit(0));
            Snapshot checkpointed = await loader.LoadAsync(log, null, CancellationToken.None);

            Describe(checkpointed).Should().Equal(Describe(replayed));
            checkpointed.RowCount.Should().Be(replayed.RowCount);
            checkpointed.SizeInBytes.Should().Be(replayed.SizeInBytes);
        },
        iter: 300);

    // Young enough to be kept, whatever was generated.
    private static DeltaAction Fresh(DeltaAction action) => action is RemoveFile remove ? remove with { DeletionTimestamp = new ManualTime().Milliseconds } : action;

    /// <summary>All that a checkpoint keeps. What it does not: statistics and tags of tombstones, and whether data changed.</summary>
    private static IEnumerable<string> Describe(Snapshot snapshot)
    {
        List<DeltaAction> actions = [snapshot.Protocol, snapshot.Metadata, .. snapshot.Transactions.Values, .. snapshot.Domains.Values];
        actions.AddRange(snapshot.Files.Select(static file => file with { DataChange = false, PartitionValues = Sorted(file.PartitionValues)!, Tags = Sorted(file.Tags) }));
        actions.AddRange(snapshot.Tombstones
            .OrderBy(static remove => remove.Path + " " + remove.DeletionVector?.UniqueId, StringComparer.Ordinal)
            .Select(static remove => remove with { DataChange = false, Stats = null, Tags = null, PartitionValues = Sorted(remove.PartitionValues) }));
        return actions.Select(static action => JsonSerializer.Serialize(System.Text.Encoding.UTF8.GetString(ActionJson.WriteCommit([action]))));
    }

    private static SortedDictionary<string, string?>? Sorted(IReadOnlyDictionary<string, string?>? map) =>
        map is null ? null : new SortedDictionary<string, string?>(map.ToDictionary(static entry => entry.Key, static entry => entry.Value), StringComparer.Ordinal);
}
