using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Reads the actions of Parquet checkpoints. An interface, so that the log does not depend on Parquet.</summary>
internal interface ICheckpointReader
{
    /// <summary>All actions of the given Parquet files, sidecar actions of V2 checkpoints included but not followed.</summary>
    /// <exception cref="CorruptTableException">A file is missing or is not a checkpoint.</exception>
    Task<IReadOnlyList<DeltaAction>> ReadAsync(ITableStorage storage, CheckpointFiles checkpoint, CancellationToken cancellationToken);
}
