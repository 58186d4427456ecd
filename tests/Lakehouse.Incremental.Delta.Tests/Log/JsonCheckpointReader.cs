using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Log;

/// <summary>Takes checkpoint files for JSON lines, whatever they are named: the log's own rules can be tested without Parquet.</summary>
internal sealed class JsonCheckpointReader : ICheckpointReader
{
    public async Task<IReadOnlyList<DeltaAction>> ReadAsync(ITableStorage storage, CheckpointFiles checkpoint, CancellationToken cancellationToken)
    {
        List<DeltaAction> actions = [];
        foreach (string path in checkpoint.Paths)
        {
            actions.AddRange(ActionJson.ReadCommit(await storage.ReadAsync(path, cancellationToken), path));
        }

        return actions;
    }
}
