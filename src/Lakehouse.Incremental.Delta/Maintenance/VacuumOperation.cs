using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>
/// Deletes files that no version within the retention needs. What is listed is older than the retention, and what is needed is collected after the
/// listing, so that a file of a commit in between is never taken for an orphan.
/// </summary>
internal sealed class VacuumOperation(DeltaTable table, VacuumOptions options, IProgress<MaintenanceProgress>? progress)
{
    public async Task<VacuumResult> RunAsync(CancellationToken cancellationToken)
    {
        Snapshot snapshot = await table.RefreshAsync(cancellationToken).ConfigureAwait(false);
        ProtocolGate.CheckWrite(snapshot.Protocol, snapshot.Metadata);
        TimeSpan retention = Retention(snapshot);
        DateTimeOffset cutoff = Before(retention);
        string[] partitions = [.. snapshot.PartitionColumns.Concat(snapshot.PartitionColumns.Select(snapshot.Mapping.PhysicalName))];
        List<StoredFile> files = await VacuumCandidates.FindAsync(table.Storage, partitions, cutoff, cancellationToken).ConfigureAwait(false);

        Snapshot latest = await table.RefreshAsync(cancellationToken).ConfigureAwait(false);
        RetainedFiles retained = await RetainedFiles.CollectAsync(table, latest, cutoff, cancellationToken).ConfigureAwait(false);
        files.RemoveAll(file => retained.Contains(file.Path));
        if (!options.DryRun && files.Count > 0)
        {
            TransactionResult start = await CommitAsync("VACUUM START", Start(retention, snapshot), Found(files), cancellationToken).ConfigureAwait(false);
            await retained.ExtendAsync(start.Version, cancellationToken).ConfigureAwait(false);
            files.RemoveAll(file => retained.Contains(file.Path));
            await DeleteAsync(files, cancellationToken).ConfigureAwait(false);
            JsonObject end = new() { ["status"] = "COMPLETED" };
            await CommitAsync("VACUUM END", end, OperationMetrics.Of(("numDeletedFiles", files.Count)), cancellationToken).ConfigureAwait(false);
        }

        return new VacuumResult(options.DryRun, [.. files.Select(static file => file.Path)], files.Sum(static file => file.Size));
    }

    private TimeSpan Retention(Snapshot snapshot)
    {
        TimeSpan least = snapshot.TableProperties.DeletedFileRetention;
        TimeSpan retention = options.Retention ?? least;
        return retention >= least || options.AllowShorterRetention ? retention : throw new LakehouseException(
            ErrorCodes.InvalidConfiguration,
            FormattableString.Invariant($"A retention of {retention} is shorter than the {least} of '{table.Storage.Name}' and was not allowed explicitly."))
        {
            Table = table.Storage.Name,
        };
    }

    // A retention may reach before the first moment a clock knows.
    private DateTimeOffset Before(TimeSpan retention)
    {
        DateTimeOffset now = table.Options.TimeProvider.GetUtcNow();
        return retention.Ticks >= now.UtcTicks ? DateTimeOffset.MinValue : now - retention;
    }

    private async Task DeleteAsync(List<StoredFile> files, CancellationToken cancellationToken)
    {
        for (int i = 0; i < files.Count; i++)
        {
            await table.Storage.DeleteAsync(files[i].Path, cancellationToken).ConfigureAwait(false);
            progress?.Report(new MaintenanceProgress(i + 1, files.Count));
        }
    }

    private JsonObject Start(TimeSpan retention, Snapshot snapshot)
    {
        JsonObject parameters = new()
        {
            ["retentionCheckEnabled"] = !options.AllowShorterRetention,
            ["defaultRetentionMillis"] = (long)snapshot.TableProperties.DeletedFileRetention.TotalMilliseconds,
        };
        if (options.Retention is not null)
        {
            parameters["specifiedRetentionMillis"] = (long)retention.TotalMilliseconds;
        }

        return parameters;
    }

    private static JsonObject Found(List<StoredFile> files) =>
        OperationMetrics.Of(("numFilesToDelete", files.Count), ("sizeOfDataToDelete", files.Sum(static file => file.Size)));

    // A commit without actions: it tells the history, and changes nothing.
    private async Task<TransactionResult> CommitAsync(string operation, JsonObject parameters, JsonObject metrics, CancellationToken cancellationToken)
    {
        CommitPlan plan = new()
        {
            Actions = [],
            BlindAppend = true,
            Info = new CommitInfo { Operation = operation, OperationParameters = parameters, OperationMetrics = metrics },
        };
        TransactionResult? result = await table.CommitAsync((_, _) => Task.FromResult<CommitPlan?>(plan), cancellationToken).ConfigureAwait(false);
        return result!;
    }
}
