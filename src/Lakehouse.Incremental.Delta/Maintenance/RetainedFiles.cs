using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>
/// The files that some version within a retention needs: those of the version that was the latest when it began, and all that the commits since then
/// name, whether they add or remove them. Such a set does not depend on the removal times that writers note.
/// </summary>
internal sealed class RetainedFiles(DeltaTable table)
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    // Paths that lead elsewhere, or perhaps back here by a name of another form: a file that ends one of them is kept.
    private readonly HashSet<string> _foreign = new(StringComparer.Ordinal);
    private bool _keepAllState;

    /// <summary>The last version that was looked at.</summary>
    public long Version { get; private set; }

    public bool Contains(string path) =>
        _paths.Contains(path)
        || (_keepAllState && path.StartsWith(StatePaths.Directory, StringComparison.Ordinal))
        || _foreign.Any(foreign => foreign.EndsWith(path, StringComparison.Ordinal) && (foreign.Length == path.Length || foreign[^(path.Length + 1)] == '/'));

    /// <summary>Collects for all versions that are, or were after the cutoff, the latest one.</summary>
    public static async Task<RetainedFiles> CollectAsync(DeltaTable table, Snapshot latest, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        RetainedFiles retained = new(table) { Version = latest.Version };
        retained.Add(latest, cutoff);
        IReadOnlyList<(long Version, StoredFile File)> commits =
            [.. (await table.Log.ListCommitsAsync(0, cancellationToken).ConfigureAwait(false)).Where(commit => commit.Version <= latest.Version)];
        int first = 0;
        while (first < commits.Count && commits[first].File.Modified <= cutoff)
        {
            first++;
        }

        if (first < commits.Count)
        {
            // The version before the first commit within the retention was still the latest one when the retention began.
            await retained.AddVersionAsync(commits[Math.Max(first - 1, 0)].Version, cutoff, cancellationToken).ConfigureAwait(false);
        }

        foreach ((long version, _) in commits.Skip(first))
        {
            retained.Add(await table.Log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false));
        }

        return retained;
    }

    /// <summary>Takes in the commits after <see cref="Version"/> up to another one.</summary>
    public async Task ExtendAsync(long version, CancellationToken cancellationToken)
    {
        for (; Version < version; Version++)
        {
            Add(await table.Log.ReadCommitAsync(Version + 1, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task AddVersionAsync(long version, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        try
        {
            Add(await table.SnapshotAtAsync(version, cancellationToken).ConfigureAwait(false), cutoff);
        }
        catch (LakehouseException error) when (error.ErrorCode == ErrorCodes.VersionNotFound)
        {
            // A log whose beginning was cleaned up shows this version to nobody, so nobody can need its files.
            return;
        }
    }

    private void Add(Snapshot snapshot, DateTimeOffset cutoff)
    {
        long expired = cutoff.ToUnixTimeMilliseconds();
        Add(snapshot.Files);
        Add(snapshot.Tombstones.Where(remove => (remove.DeletionTimestamp ?? 0) > expired));
        Add(snapshot.Domains.Values);
    }

    private void Add(IEnumerable<DeltaAction> actions)
    {
        foreach (DeltaAction action in actions)
        {
            switch (action)
            {
                case AddFile add:
                    Add(add.Path, add.DeletionVector);
                    break;
                case RemoveFile remove:
                    Add(remove.Path, remove.DeletionVector);
                    break;
                case AddCdcFile cdc:
                    Add(cdc.Path, null);
                    break;
                case DomainMetadata domain:
                    AddState(domain.Configuration);
                    break;
                default:
                    break;
            }
        }
    }

    private void Add(string logPath, DeletionVectorDescriptor? vector)
    {
        AddPath(logPath);
        if (vector is { StorageType: "p" })
        {
            AddPath(vector.PathOrInlineDv);
        }
        else if (vector is not null && DeletionVectorStore.PathOf(vector) is { } path)
        {
            _paths.Add(path);
        }
    }

    private void AddPath(string logPath)
    {
        try
        {
            (ITableStorage storage, string path) = table.Files.Locate(logPath);
            (ReferenceEquals(storage, table.Storage) ? _paths : _foreign).Add(path);
        }
        catch (LakehouseException error) when (error.ErrorCode == ErrorCodes.PathNotAllowed)
        {
            _foreign.Add(LogicalFile.PathKey(logPath));
        }
    }

    private void AddState(string configuration)
    {
        (IReadOnlyList<string> paths, bool allKnown) = StatePaths.In(configuration);
        _paths.UnionWith(paths);
        _keepAllState |= !allKnown;
    }
}
