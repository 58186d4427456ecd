using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// What follows a commit: its checksum and, when one is due, a checkpoint and the clean-up of the log. These only spare later readers work, so their failure harms nobody.
/// </summary>
internal static class AfterCommit
{
    public static async Task RunAsync(DeltaTable table, Snapshot snapshot)
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
                await CleanUpAsync(table, snapshot).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever went wrong, be it a property that makes no sense, the commit before it stands and must be reported as such.
            table.Logger.CheckpointFailed(error, table.Storage.Name, snapshot.Version);
        }
    }

    private static async Task CleanUpAsync(DeltaTable table, Snapshot snapshot)
    {
        if (snapshot.TableProperties.EnableExpiredLogCleanup)
        {
            LogCleanUp cleanUp = new(table.Storage, table.Options.TimeProvider);
            LogCleanUpResult result = await cleanUp.RunAsync(snapshot.TableProperties.LogRetention, CancellationToken.None).ConfigureAwait(false);
            if (result.FilesDeleted > 0)
            {
                table.Logger.LogCleanedUp(table.Storage.Name, result.OldestVersion, result.FilesDeleted);
            }
        }
    }

    private static bool IsDue(Snapshot snapshot) => snapshot.Version > 0 && snapshot.Version % snapshot.TableProperties.CheckpointInterval == 0;
}
