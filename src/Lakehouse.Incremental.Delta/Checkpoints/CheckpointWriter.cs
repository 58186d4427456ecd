using System.Globalization;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>
/// Writes the state of a version as a checkpoint, and the hint that leads to it: a classic one in one file, or a V2 one whose file actions lie in
/// sidecars of bounded size where the table asks for that.
/// </summary>
internal sealed class CheckpointWriter(ITableStorage storage, TimeProvider time, IdSource ids)
{
    private const int RowsPerBatch = 50_000;

    private const int RowsPerSidecar = 200_000;

    /// <summary>Does nothing when the version has a checkpoint already.</summary>
    /// <returns>Whether one was written.</returns>
    public async Task<bool> WriteAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(snapshot.Version, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        CheckpointLayout layout = CheckpointLayout.Of(snapshot);
        JsonObject? hint = IsV2(snapshot)
            ? await WriteV2Async(snapshot, layout, cancellationToken).ConfigureAwait(false)
            : await WriteClassicAsync(snapshot, layout, cancellationToken).ConfigureAwait(false);
        if (hint is null)
        {
            return false;
        }

        hint["checksum"] = JsonChecksum.Of(hint);
        await storage.PutAsync(LogPaths.LastCheckpoint, System.Text.Encoding.UTF8.GetBytes(hint.ToJsonString()), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static bool IsV2(Snapshot snapshot) =>
        snapshot.TableProperties.UseV2Checkpoints
        && TableFeature.OfWriter(snapshot.Protocol.MinWriterVersion, snapshot.Protocol.WriterFeatures).Contains(TableFeature.V2Checkpoint, StringComparer.Ordinal);

    private async Task<bool> ExistsAsync(long version, CancellationToken cancellationToken)
    {
        LogListing listing = new();
        string stem = LogPaths.Stem(version);
        IAsyncEnumerable<StoredFile> files = storage.ListAsync(LogPaths.Directory, stem, cancellationToken);
        await foreach (StoredFile file in files.TakeWhile(file => file.Path.StartsWith(stem, StringComparison.Ordinal)).ConfigureAwait(false))
        {
            listing.Add(LogPaths.Parse(file.Path), file);
        }

        return listing.NewestCheckpoint(version, new HashSet<string>()) is not null;
    }

    private async Task<JsonObject?> WriteClassicAsync(Snapshot snapshot, CheckpointLayout layout, CancellationToken cancellationToken)
    {
        string path = LogPaths.Checkpoint(snapshot.Version);
        try
        {
            IEnumerable<DeltaAction> actions = [.. Others(snapshot), .. Tombstones(snapshot), .. snapshot.Files];
            WrittenParquet written = await ParquetFiles
                .WriteAsync(storage, path, layout.Schema, actions.Chunk(RowsPerBatch).Select(part => CheckpointBatch.Of(layout, layout.Schema, part)), cancellationToken)
                .ConfigureAwait(false);
            return Hint(snapshot, written.Rows, written.Size);
        }
        catch (IOException)
        {
            // Another writer may have been as fast; its checkpoint of this version says the same.
            if (await storage.StatAsync(path, cancellationToken).ConfigureAwait(false) is not null)
            {
                return null;
            }

            throw;
        }
    }

    private async Task<JsonObject> WriteV2Async(Snapshot snapshot, CheckpointLayout layout, CancellationToken cancellationToken)
    {
        List<DeltaAction> top = [new CheckpointMetadata(snapshot.Version), .. Others(snapshot)];
        long rows = 0;
        long bytes = 0;
        foreach (DeltaAction[] part in Tombstones(snapshot).Concat(snapshot.Files).Chunk(RowsPerSidecar))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{ids.NewId():D}.parquet");
            WrittenParquet sidecar = await ParquetFiles.WriteAsync(
                storage,
                $"{LogPaths.Sidecars}/{name}",
                layout.SidecarSchema,
                part.Chunk(RowsPerBatch).Select(batch => CheckpointBatch.Of(layout, layout.SidecarSchema, batch)),
                cancellationToken).ConfigureAwait(false);
            top.Add(new SidecarFile(name, sidecar.Size, Now()));
            rows += sidecar.Rows;
            bytes += sidecar.Size;
        }

        string path = LogPaths.UuidCheckpoint(snapshot.Version, ids.NewId());
        WrittenParquet written = await ParquetFiles
            .WriteAsync(storage, path, layout.V2Schema, [CheckpointBatch.Of(layout, layout.V2Schema, [.. top])], cancellationToken).ConfigureAwait(false);
        JsonObject hint = Hint(snapshot, written.Rows + rows, written.Size + bytes);
        hint["v2Checkpoint"] = new JsonObject
        {
            ["path"] = path[(LogPaths.Directory.Length + 1)..],
            ["sizeInBytes"] = written.Size,
            ["modificationTime"] = Now(),
        };
        return hint;
    }

    private static JsonObject Hint(Snapshot snapshot, long actions, long bytes) => new()
    {
        ["version"] = snapshot.Version,
        ["size"] = actions,
        ["sizeInBytes"] = bytes,
        ["numOfAddFiles"] = snapshot.FileCount,
    };

    private IEnumerable<DeltaAction> Others(Snapshot snapshot) =>
    [
        snapshot.Protocol,
        snapshot.Metadata,
        .. snapshot.Transactions.Values.Where(transaction => !IsExpired(transaction, snapshot)),
        .. snapshot.Domains.Values,
    ];

    private IEnumerable<DeltaAction> Tombstones(Snapshot snapshot)
    {
        long expired = Before(snapshot.TableProperties.DeletedFileRetention);
        return snapshot.Tombstones
            .Where(r => (r.DeletionTimestamp ?? 0) > expired)
            .OrderBy(r => r.Path, StringComparer.Ordinal).ThenBy(r => r.DeletionVector?.UniqueId, StringComparer.Ordinal);
    }

    private bool IsExpired(SetTransaction transaction, Snapshot snapshot) =>
        snapshot.TableProperties.SetTransactionRetention is { } retention
        && transaction.LastUpdated is { } updated && updated <= Before(retention);

    // In milliseconds, because a retention may reach before the first year a date can have.
    private long Before(TimeSpan retention) => Now() - (long)retention.TotalMilliseconds;

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
