using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// What follows a commit: its checksum and, when one is due, a checkpoint. These only spare later readers work, so their failure harms nobody.
/// </summary>
internal static class CheckpointSchedule
{
    public static async Task WriteIfDueAsync(DeltaTable table, Snapshot snapshot)
    {
        try
        {
            await VersionChecksum.WriteAsync(table.Storage, snapshot, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            table.Logger.ChecksumFailed(error, table.Storage.Name, snapshot.Version);
        }

        try
        {
            if (IsDue(snapshot) && await table.Checkpoints.WriteAsync(snapshot, CancellationToken.None).ConfigureAwait(false))
            {
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
