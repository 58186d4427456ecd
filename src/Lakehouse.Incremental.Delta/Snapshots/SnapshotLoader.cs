using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Makes snapshots from the log: whole ones from a checkpoint on, later ones from the new commits only.</summary>
internal sealed class SnapshotLoader(ICheckpointReader checkpoints)
{
    /// <summary>The snapshot of a version, or of the latest one.</summary>
    /// <exception cref="CorruptTableException">The log breaks the protocol.</exception>
    /// <exception cref="UnsupportedFeatureException">The table needs a feature this library cannot read.</exception>
    /// <exception cref="LakehouseException">There is no table, or not this version.</exception>
    public async Task<Snapshot> LoadAsync(DeltaLog log, long? version, CancellationToken cancellationToken)
    {
        LogSegment segment = await log.ListAsync(version, cancellationToken).ConfigureAwait(false) ?? throw log.NoTable();
        SnapshotBuilder builder = new(SnapshotState.Empty, null, null);
        long next = 0;
        if (segment.Checkpoint is { } checkpoint)
        {
            await ApplyCheckpointAsync(log, builder, checkpoint, segment.CheckpointCommit, cancellationToken).ConfigureAwait(false);
            next = checkpoint.Version + 1;
        }

        foreach (StoredFile commit in segment.Commits)
        {
            IReadOnlyList<DeltaAction> actions = await log.ReadCommitAsync(next, cancellationToken).ConfigureAwait(false);
            builder.Apply(next, actions, commit.Modified.ToUnixTimeMilliseconds());
            next++;
        }

        return Checked(builder.Build());
    }

    /// <summary>
    /// The latest snapshot, reached from an older one of the same log. Looks for the commits that follow one by one, so it costs the new commits
    /// and one look; returns <paramref name="current"/> itself when there are none.
    /// </summary>
    /// <exception cref="UnsupportedFeatureException">A new commit made the table need a feature this library cannot read.</exception>
    public async Task<Snapshot> RefreshAsync(DeltaLog log, Snapshot current, CancellationToken cancellationToken)
    {
        Snapshot latest = current;
        while (await log.StatCommitAsync(latest.Version + 1, cancellationToken).ConfigureAwait(false) is { } commit)
        {
            IReadOnlyList<DeltaAction> actions = await log.ReadCommitAsync(latest.Version + 1, cancellationToken).ConfigureAwait(false);
            latest = latest.Apply(latest.Version + 1, actions, commit.Modified.ToUnixTimeMilliseconds());
        }

        // Nothing new also when the commits that follow were cleaned up; then the own commit, being older, is gone as well.
        if (ReferenceEquals(latest, current) && await log.StatCommitAsync(current.Version, cancellationToken).ConfigureAwait(false) is null)
        {
            return await LoadAsync(log, null, cancellationToken).ConfigureAwait(false);
        }

        return ReferenceEquals(latest.Protocol, current.Protocol) && ReferenceEquals(latest.Metadata, current.Metadata) ? latest : Checked(latest);
    }

    private static Snapshot Checked(Snapshot snapshot)
    {
        ProtocolGate.CheckRead(snapshot.Protocol, snapshot.Metadata);
        return snapshot.PartitionColumns.FirstOrDefault(column => snapshot.DeltaSchema.IndexOf(column) < 0) is { } unknown
            ? throw new CorruptTableException(ErrorCodes.CorruptLog, $"The table is partitioned by '{unknown}', which is no column of its schema.")
            : snapshot;
    }

    private async Task ApplyCheckpointAsync(
        DeltaLog log, SnapshotBuilder builder, CheckpointFiles checkpoint, StoredFile? commit, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeltaAction> actions = await ReadCheckpointAsync(log.Storage, checkpoint, cancellationToken).ConfigureAwait(false);
        builder.ApplyCheckpoint(checkpoint.Version, actions);

        string[] sidecars = [.. actions.OfType<SidecarFile>().Select(SidecarPath)];
        if (sidecars.Length > 0)
        {
            CheckpointFiles files = new(checkpoint.Version, sidecars);
            builder.ApplyCheckpoint(
                checkpoint.Version, await checkpoints.ReadAsync(log.Storage, files, cancellationToken).ConfigureAwait(false));
        }

        if (commit is not null)
        {
            IReadOnlyList<DeltaAction> own = await log.ReadCommitAsync(checkpoint.Version, cancellationToken).ConfigureAwait(false);
            builder.ApplyCheckpointCommit(own.OfType<CommitInfo>().FirstOrDefault(), commit.Modified.ToUnixTimeMilliseconds());
        }
        else if (await log.Storage.StatAsync(checkpoint.Paths[0], cancellationToken).ConfigureAwait(false) is { } file)
        {
            // The commit was cleaned up; the checkpoint was written soon after it.
            builder.ApplyCheckpointCommit(null, file.Modified.ToUnixTimeMilliseconds());
        }
    }

    // A V2 checkpoint may be JSON at its top, in the form of a commit file.
    private async Task<IReadOnlyList<DeltaAction>> ReadCheckpointAsync(
        ITableStorage storage, CheckpointFiles checkpoint, CancellationToken cancellationToken)
    {
        string path = checkpoint.Paths[0];
        if (!path.EndsWith(".json", StringComparison.Ordinal))
        {
            return await checkpoints.ReadAsync(storage, checkpoint, cancellationToken).ConfigureAwait(false);
        }

        return ActionJson.ReadCommit(await storage.ReadAsync(path, cancellationToken).ConfigureAwait(false), path);
    }

    private static string SidecarPath(SidecarFile sidecar)
    {
        string name = Uri.UnescapeDataString(sidecar.Path);
        string path = LogPaths.Sidecars + "/" + name;
        return name.Contains('/', StringComparison.Ordinal) ? throw StoragePath.Refused(path, "a sidecar lies directly in its folder") : path;
    }
}
