using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>
/// Deletes what the log holds beyond its retention (protocol notes, section 17): everything before the newest checkpoint that is at least so old.
/// That checkpoint, its commit and all later files stay, so that the table and its younger versions are read as before.
/// </summary>
internal sealed class LogCleanUp(ITableStorage storage, TimeProvider time)
{
    // A sidecar is written before the checkpoint that names it.
    private static readonly TimeSpan s_sidecarAge = TimeSpan.FromDays(1);

    private static readonly ParquetCheckpointReader s_reader = new();

    public async Task<LogCleanUpResult> RunAsync(TimeSpan retention, CancellationToken cancellationToken)
    {
        List<(LogFileName Name, StoredFile File)> files = [];
        LogListing listing = new();
        await foreach (StoredFile file in storage.ListAsync(LogPaths.Directory, null, cancellationToken).ConfigureAwait(false))
        {
            LogFileName name = LogPaths.Parse(file.Path);
            files.Add((name, file));
            listing.Add(name, file);
        }

        if (await KeptCheckpointAsync(listing, Before(retention), cancellationToken).ConfigureAwait(false) is not { } kept)
        {
            return new LogCleanUpResult(0, 0, null);
        }

        // Checkpoints first and commits in ascending order: a reader in between finds a log that begins later, never one with a gap.
        List<StoredFile> expired =
        [
            .. files.Where(file => IsCheckpoint(file.Name.Kind) && file.Name.Version < kept.Version).Select(static file => file.File),
            .. files.Where(file => file.Name.Kind == LogFileKind.Commit && file.Name.Version < kept.Version).Select(static file => file.File),
            .. files.Where(file => file.Name.Kind == LogFileKind.Compaction && file.Name.Version <= kept.Version).Select(static file => file.File),
            .. files.Where(file => file.Name.Kind == LogFileKind.Checksum && file.Name.Version < kept.Version).Select(static file => file.File),
        ];
        await DeleteAsync(expired, cancellationToken).ConfigureAwait(false);

        StoredFile[] sidecars = [.. files.Select(static file => file.File).Where(file => IsOldSidecar(file, Before(s_sidecarAge)))];
        if (sidecars.Length > 0)
        {
            IReadOnlySet<string>? named = await NamedSidecarsAsync(listing, kept.Version, cancellationToken).ConfigureAwait(false);
            StoredFile[] orphans = [.. sidecars.Where(file => named?.Contains(file.Path) == false)];
            await DeleteAsync(orphans, cancellationToken).ConfigureAwait(false);
            expired.AddRange(orphans);
        }

        return new LogCleanUpResult(expired.Count, expired.Sum(static file => file.Size), kept.Version);
    }

    private static bool IsCheckpoint(LogFileKind kind) =>
        kind is LogFileKind.ClassicCheckpoint or LogFileKind.MultiPartCheckpoint or LogFileKind.UuidCheckpoint;

    private static bool IsOldSidecar(StoredFile file, DateTimeOffset before) =>
        file.Modified < before
        && file.Path.StartsWith(LogPaths.Sidecars + "/", StringComparison.Ordinal)
        && file.Path.EndsWith(".parquet", StringComparison.Ordinal)
        && file.Path[LogPaths.Sidecars.Length + 1] is not ('.' or '_');

    // A retention may reach before the first moment a clock knows.
    private DateTimeOffset Before(TimeSpan retention)
    {
        DateTimeOffset now = time.GetUtcNow();
        return retention.Ticks >= now.UtcTicks ? DateTimeOffset.MinValue : now - retention;
    }

    private async Task<CheckpointFiles?> KeptCheckpointAsync(LogListing listing, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        long? last = null;
        foreach ((long version, StoredFile file) in listing.Commits)
        {
            if (file.Modified > cutoff)
            {
                break;
            }

            last = version;
        }

        HashSet<string> damaged = new(StringComparer.Ordinal);
        while (last is not null && listing.NewestCheckpoint(last, damaged) is { } checkpoint)
        {
            if (await IsReadableAsync(checkpoint, cancellationToken).ConfigureAwait(false))
            {
                return checkpoint;
            }

            damaged.UnionWith(checkpoint.Paths);
        }

        return null;
    }

    // What is about to be deleted could stand in for a damaged checkpoint: it must at least open, with all of its sidecars there.
    private async Task<bool> IsReadableAsync(CheckpointFiles checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            bool hasSidecars = checkpoint.Paths[0].EndsWith(".json", StringComparison.Ordinal);
            foreach (string path in checkpoint.Paths.Where(_ => !hasSidecars))
            {
                Apache.Arrow.Schema schema = await ParquetFiles.ReadSchemaAsync(storage, path, cancellationToken).ConfigureAwait(false);
                hasSidecars |= schema.FieldsList.Any(static field => field.Name == "sidecar");
            }

            foreach (string sidecar in hasSidecars ? await SidecarsOfAsync(checkpoint, cancellationToken).ConfigureAwait(false) : [])
            {
                _ = await ParquetFiles.ReadSchemaAsync(storage, sidecar, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        catch (LakehouseException error) when (error is CorruptTableException || error.ErrorCode == ErrorCodes.PathNotAllowed)
        {
            return false;
        }
    }

    /// <summary>The sidecars that the remaining checkpoints name; null when that cannot be told of one of them.</summary>
    private async Task<IReadOnlySet<string>?> NamedSidecarsAsync(LogListing listing, long from, CancellationToken cancellationToken)
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach ((LogFileName name, string path) in listing.Checkpoints.Where(checkpoint => checkpoint.Name.Version >= from))
        {
            try
            {
                named.UnionWith(await SidecarsOfAsync(new CheckpointFiles(name.Version, [path]), cancellationToken).ConfigureAwait(false));
            }
            catch (CorruptTableException)
            {
                return null;
            }
        }

        return named;
    }

    private async Task<IEnumerable<string>> SidecarsOfAsync(CheckpointFiles checkpoint, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeltaAction> top = await new CheckpointContent(storage, s_reader).ReadTopAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        return top.OfType<SidecarFile>().Select(CheckpointContent.PathOf);
    }

    private async Task DeleteAsync(IEnumerable<StoredFile> files, CancellationToken cancellationToken)
    {
        foreach (StoredFile file in files)
        {
            await storage.DeleteAsync(file.Path, cancellationToken).ConfigureAwait(false);
        }
    }
}
