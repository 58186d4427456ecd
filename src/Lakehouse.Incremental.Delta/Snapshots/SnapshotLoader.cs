using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Makes snapshots from the log: whole ones from a checkpoint on, later ones from the new commits only.</summary>
internal sealed class SnapshotLoader(ICheckpointReader checkpoints)
{
    /// <summary>
    /// The snapshot of a version, or of the latest one. A checkpoint that is damaged is passed over when the log reaches the version without it.
    /// </summary>
    /// <exception cref="CorruptTableException">The log breaks the protocol.</exception>
    /// <exception cref="UnsupportedFeatureException">The table needs a feature this library cannot read.</exception>
    /// <exception cref="LakehouseException">There is no table, or not this version.</exception>
    public async Task<Snapshot> LoadAsync(DeltaLog log, long? version, CancellationToken cancellationToken)
    {
        LogSegment segment = await log.ListAsync(version, cancellationToken).ConfigureAwait(false) ?? throw log.NoTable();
        SnapshotBuilder builder = new(SnapshotState.Empty, null, null);
        HashSet<string> damaged = new(StringComparer.Ordinal);
        while (segment.Checkpoint is { } checkpoint)
        {
            try
            {
                IReadOnlyList<DeltaAction> actions =
                    await new CheckpointContent(log.Storage, checkpoints).ReadAsync(checkpoint, cancellationToken).ConfigureAwait(false);
                builder.ApplyCheckpoint(checkpoint.Version, actions);
                await ApplyCheckpointCommitAsync(log, builder, checkpoint, segment.CheckpointCommit, cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (CorruptTableException error) when (builder.IsEmpty)
            {
                damaged.UnionWith(checkpoint.Paths);
                segment = await WithoutAsync(log, version, damaged, cancellationToken).ConfigureAwait(false) ?? throw Again(error);
            }
        }

        await ApplyCommitsAsync(log, builder, segment, cancellationToken).ConfigureAwait(false);
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

    // Null when the version cannot be reached without the checkpoints found damaged.
    private static async Task<LogSegment?> WithoutAsync(
        DeltaLog log, long? version, HashSet<string> damaged, CancellationToken cancellationToken)
    {
        try
        {
            return await log.ListAsync(version, damaged, cancellationToken).ConfigureAwait(false);
        }
        catch (LakehouseException error) when (error.ErrorCode is ErrorCodes.CorruptLog or ErrorCodes.VersionNotFound)
        {
            return null;
        }
    }

    private static CorruptTableException Again(CorruptTableException error) => new(error.ErrorCode, error.Message, error) { Table = error.Table };

    private static async Task ApplyCommitsAsync(DeltaLog log, SnapshotBuilder builder, LogSegment segment, CancellationToken cancellationToken)
    {
        long first = segment.Version - segment.Commits.Count + 1;
        for (long version = first; version <= segment.Version;)
        {
            if (segment.Compactions.TryGetValue(version, out CompactionFile? compaction)
                && await ReadCompactionAsync(log.Storage, compaction, cancellationToken).ConfigureAwait(false) is { } together)
            {
                IEnumerable<StoredFile> covered = segment.Commits.Skip((int)(version - first)).Take((int)(compaction.Last - version + 1));
                builder.ApplyCompaction(compaction.First, compaction.Last, together, [.. covered.Select(static file => file.Modified.ToUnixTimeMilliseconds())]);
                version = compaction.Last + 1;
                continue;
            }

            IReadOnlyList<DeltaAction> actions = await log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
            builder.Apply(version, actions, segment.Commits[(int)(version - first)].Modified.ToUnixTimeMilliseconds());
            version++;
        }
    }

    // Null when the file is damaged or gone: the commits it stands for say the same.
    private static async Task<IReadOnlyList<DeltaAction>?> ReadCompactionAsync(
        ITableStorage storage, CompactionFile compaction, CancellationToken cancellationToken)
    {
        try
        {
            byte[] text = await storage.ReadAsync(compaction.Path, cancellationToken).ConfigureAwait(false);
            return CompactedActions.Newest(ActionJson.ReadCommit(text, compaction.Path));
        }
        catch (Exception error) when (error is CorruptTableException or FileNotFoundException)
        {
            return null;
        }
    }

    private static async Task ApplyCheckpointCommitAsync(
        DeltaLog log, SnapshotBuilder builder, CheckpointFiles checkpoint, StoredFile? commit, CancellationToken cancellationToken)
    {
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
}
