using System.Globalization;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>
/// Commits what makes the table equal to one of its older versions: rows, columns, properties and the domains that describe them. Versions committed
/// by applications stay as they are, since what was delivered stays delivered.
/// </summary>
internal sealed class RestoreOperation(DeltaTable table, long version, DateTimeOffset? timestamp)
{
    private const int MaxNamed = 10;

    private int _restored;
    private int _removed;

    public async Task<RestoreResult> RunAsync(CancellationToken cancellationToken)
    {
        Snapshot target = await table.SnapshotAtAsync(version, cancellationToken).ConfigureAwait(false);
        TransactionResult? result = await table.CommitAsync((current, token) => DeriveAsync(current, target, token), cancellationToken).ConfigureAwait(false);
        return result is null ? new RestoreResult(null, version, 0, 0) : new RestoreResult(result.Version, version, _restored, _removed);
    }

    private async Task<CommitPlan?> DeriveAsync(Snapshot current, Snapshot target, CancellationToken cancellationToken)
    {
        AddFile[] back = [.. target.Files.Where(file => !IsLive(current, file)).Select(static file => file with { DataChange = true })];
        AddFile[] gone = [.. current.Files.Where(file => !IsLive(target, file))];
        List<DeltaAction> definition = RestoredDefinition.Of(current, target);
        if (back.Length + gone.Length + definition.Count == 0)
        {
            return null;
        }

        await CheckFilesAsync(back, definition, cancellationToken).ConfigureAwait(false);
        (_restored, _removed) = (back.Length, gone.Length);
        long now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        return new CommitPlan
        {
            Actions = [.. definition, .. gone.Select(file => RemoveFile.Of(file, now, dataChange: true)), .. back],
            Info = new CommitInfo
            {
                Operation = "RESTORE",
                OperationParameters = new JsonObject
                {
                    ["version"] = version,
                    ["timestamp"] = timestamp?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                },
                OperationMetrics = OperationMetrics.Of(
                    ("numRestoredFiles", back.Length),
                    ("restoredFilesSize", back.Sum(static file => file.Size)),
                    ("numRemovedFiles", gone.Length),
                    ("removedFilesSize", gone.Sum(static file => file.Size)),
                    ("numOfFilesAfterRestore", target.FileCount),
                    ("tableSizeAfterRestore", target.SizeInBytes)),
            },
        };
    }

    private static bool IsLive(Snapshot snapshot, AddFile file) =>
        snapshot.TryGetFile(LogicalFile.PathKey(file.Path), out AddFile? live)
        && string.Equals(live.DeletionVector?.UniqueId, file.DeletionVector?.UniqueId, StringComparison.Ordinal);

    private async Task CheckFilesAsync(AddFile[] files, List<DeltaAction> definition, CancellationToken cancellationToken)
    {
        List<string> missing = [];
        foreach (AddFile file in files)
        {
            (ITableStorage storage, string path) = table.Files.Locate(file.Path);
            await CheckAsync(storage, path).ConfigureAwait(false);
            if (file.DeletionVector is { } vector && DeletionVectorStore.PathOf(vector) is { } vectorPath)
            {
                await CheckAsync(table.Storage, vectorPath).ConfigureAwait(false);
            }
        }

        foreach (string path in definition.OfType<DomainMetadata>().SelectMany(static domain => StatePaths.In(domain.Configuration).Paths))
        {
            await CheckAsync(table.Storage, path).ConfigureAwait(false);
        }

        if (missing.Count > 0)
        {
            throw new LakehouseException(
                ErrorCodes.FilesMissing,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Version {version} of '{table.Storage.Name}' cannot be restored: {missing.Count} of its files were deleted, such as {missing[0]}."))
            {
                Table = table.Storage.Name,
                Count = missing.Count,
                SampleKeys = [.. missing.Take(MaxNamed)],
            };
        }

        async Task CheckAsync(ITableStorage storage, string path)
        {
            if (await storage.StatAsync(path, cancellationToken).ConfigureAwait(false) is null)
            {
                missing.Add(path);
            }
        }
    }
}
