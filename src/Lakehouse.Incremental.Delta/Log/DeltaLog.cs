using System.Collections.Frozen;
using System.Globalization;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>The commits of one table: which there are, what they say, and how the next one is added.</summary>
internal sealed class DeltaLog(ITableStorage storage)
{
    private static readonly FrozenSet<string> s_none = [];

    public ITableStorage Storage { get; } = storage;

    /// <summary>What must be read for a version, or for the latest one; null when there is no table.</summary>
    /// <exception cref="CorruptTableException">A commit is missing.</exception>
    /// <exception cref="LakehouseException">The version is not, or no longer, in the log (<see cref="ErrorCodes.VersionNotFound"/>).</exception>
    public Task<LogSegment?> ListAsync(long? version, CancellationToken cancellationToken) => ListAsync(version, s_none, cancellationToken);

    /// <summary>As the other one, without the checkpoints some of whose files are damaged.</summary>
    public async Task<LogSegment?> ListAsync(long? version, IReadOnlySet<string> damaged, CancellationToken cancellationToken)
    {
        long? hint = await LastCheckpointHint.ReadAsync(Storage, cancellationToken).ConfigureAwait(false);
        if (hint is { } from && (version is null || from <= version))
        {
            LogListing tail = await ReadListingAsync(from, cancellationToken).ConfigureAwait(false);
            if (tail.NewestCheckpoint(version, damaged) is { } checkpoint)
            {
                return Segment(tail, checkpoint, version);
            }
        }

        // No hint, or one that does not lead to a checkpoint: look at the whole log.
        LogListing all = await ReadListingAsync(null, cancellationToken).ConfigureAwait(false);
        return all.IsEmpty ? null : Segment(all, all.NewestCheckpoint(version, damaged), version);
    }

    /// <summary>The latest version.</summary>
    /// <exception cref="LakehouseException">There is no table (<see cref="ErrorCodes.TableNotFound"/>).</exception>
    public async Task<long> LatestVersionAsync(CancellationToken cancellationToken) =>
        await ListAsync(null, cancellationToken).ConfigureAwait(false) is { } segment ? segment.Version : throw NoTable();

    /// <summary>The commit files from one version on, ascending, as far as they are kept.</summary>
    public async Task<IReadOnlyList<(long Version, StoredFile File)>> ListCommitsAsync(long from, CancellationToken cancellationToken) =>
        (await ReadListingAsync(from, cancellationToken).ConfigureAwait(false)).Commits;

    /// <summary>Size and time of a commit file, or null when it is not there.</summary>
    public async Task<StoredFile?> StatCommitAsync(long version, CancellationToken cancellationToken) =>
        await Storage.StatAsync(LogPaths.Commit(version), cancellationToken).ConfigureAwait(false);

    /// <summary>The actions of one commit.</summary>
    /// <exception cref="LakehouseException">There is no such commit (<see cref="ErrorCodes.VersionNotFound"/>).</exception>
    public async Task<IReadOnlyList<DeltaAction>> ReadCommitAsync(long version, CancellationToken cancellationToken)
    {
        string path = LogPaths.Commit(version);
        try
        {
            byte[] content = await Storage.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            return ActionJson.ReadCommit(content, path);
        }
        catch (FileNotFoundException error)
        {
            throw new LakehouseException(ErrorCodes.VersionNotFound, $"There is no commit '{path}' in '{Storage.Name}'.", error)
            {
                Table = Storage.Name,
            };
        }
    }

    /// <summary>
    /// Tries to become the given version; the one before must be there. After "exists" the commit that stands is compared with ours by its
    /// transaction id, because a store may report a lost race for a write of ours whose first answer got lost.
    /// </summary>
    public async Task<CommitOutcome> TryCommitAsync(long version, IReadOnlyList<DeltaAction> actions, CancellationToken cancellationToken)
    {
        // In-commit timestamps demand that commitInfo comes first; it does no harm elsewhere.
        byte[] content = ActionJson.WriteCommit(actions.OrderBy(static action => action is CommitInfo ? 0 : 1));
        if (await Storage.PutIfAbsentAsync(LogPaths.Commit(version), content, cancellationToken).ConfigureAwait(false))
        {
            return new CommitOutcome.Committed(version, content.Length);
        }

        string? ours = actions.OfType<CommitInfo>().FirstOrDefault()?.TxnId;
        if (ours is not null)
        {
            IReadOnlyList<DeltaAction> standing = await ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
            if (string.Equals(standing.OfType<CommitInfo>().FirstOrDefault()?.TxnId, ours, StringComparison.Ordinal))
            {
                return new CommitOutcome.Committed(version, content.Length);
            }
        }

        return new CommitOutcome.LostRace(version);
    }

    /// <summary>The error for a place without a table.</summary>
    public LakehouseException NoTable() =>
        new(ErrorCodes.TableNotFound, $"There is no Delta table in '{Storage.Name}'.") { Table = Storage.Name };

    private LogSegment Segment(LogListing listing, CheckpointFiles? checkpoint, long? version)
    {
        long first = checkpoint is null ? 0 : checkpoint.Version + 1;
        StoredFile? checkpointCommit = null;
        List<StoredFile> commits = [];
        foreach ((long number, StoredFile file) in listing.Commits)
        {
            if (number == checkpoint?.Version)
            {
                checkpointCommit = file;
            }
            else if (number >= first && (version is null || number <= version))
            {
                if (number != first + commits.Count)
                {
                    throw Gap(first + commits.Count, number, version, checkpoint is null && commits.Count == 0);
                }

                commits.Add(file);
            }
        }

        long reached = first + commits.Count - 1;
        if (version is { } wanted && reached < wanted)
        {
            throw NotFound(wanted, listing.Commits.Count == 0 ? null : listing.Commits[^1].Version);
        }

        return reached >= 0
            ? new LogSegment(reached, checkpoint, checkpointCommit, commits, listing.Compactions(first, reached))
            : throw Corrupt("The log has parts of checkpoints, but neither a commit nor a complete checkpoint.");
    }

    /// <summary>The files of the log, or those from one version on.</summary>
    public async Task<LogListing> ReadListingAsync(long? from, CancellationToken cancellationToken)
    {
        LogListing listing = new();
        string? startAfter = from is { } version ? LogPaths.Stem(version) : null;
        await foreach (StoredFile file in Storage.ListAsync(LogPaths.Directory, startAfter, cancellationToken).ConfigureAwait(false))
        {
            listing.Add(LogPaths.Parse(file.Path), file);
        }

        return listing;
    }

    private LakehouseException Gap(long missing, long found, long? version, bool atStart)
    {
        // A log whose beginning was cleaned up cannot show versions before its first checkpoint; that is no damage.
        if (atStart && version is { } wanted)
        {
            return NotFound(wanted, null);
        }

        return Corrupt(string.Create(
            CultureInfo.InvariantCulture,
            $"The log has a gap: commit {missing} is missing although commit {found} is there, and no checkpoint covers it."));
    }

    private CorruptTableException Corrupt(string message) =>
        new(ErrorCodes.CorruptLog, $"{message} Table: '{Storage.Name}'.") { Table = Storage.Name };

    private LakehouseException NotFound(long wanted, long? latest)
    {
        string message = latest is { } last && wanted > last
            ? string.Create(CultureInfo.InvariantCulture, $"There is no version {wanted} of '{Storage.Name}': the log ends with version {last}.")
            : string.Create(CultureInfo.InvariantCulture, $"Version {wanted} of '{Storage.Name}' is not in the log any more.");
        return new LakehouseException(ErrorCodes.VersionNotFound, message) { Table = Storage.Name };
    }
}
