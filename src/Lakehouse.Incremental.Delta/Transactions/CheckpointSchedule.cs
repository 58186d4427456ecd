using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Writes a checkpoint after the commits that are due for one. It only spares later readers work, so its failure harms nobody.</summary>
internal static class CheckpointSchedule
{
    public static async Task WriteIfDueAsync(DeltaTable table, Snapshot snapshot)
    {
        try
        {
            if (IsDue(snapshot))
            {
                await CheckpointWriter.WriteAsync(table.Storage, snapshot, table.Options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
                table.Logger.CheckpointWritten(table.Storage.Name, snapshot.Version);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever went wrong, be it a property that makes no sense, the commit before it stands and must be reported as such.
            table.Logger.CheckpointFailed(error, table.Storage.Name, snapshot.Version);
        }
    }

    private static bool IsDue(Snapshot snapshot) => snapshot.Version > 0 && snapshot.Version % snapshot.TableProperties.CheckpointInterval == 0;
}
