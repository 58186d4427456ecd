using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// Delta's conflict rules (protocol notes, section 16): whether a plan still holds after a commit that came first. Pure: all it needs is in its
/// arguments. One step beyond open-source Delta: deletion vectors are compared by their rows, not by the path of their file.
/// </summary>
internal static class ConflictChecker
{
    /// <summary>The domain of the row id mark, which every commit sets anew for itself.</summary>
    public const string RowTrackingDomain = "delta.rowTracking";

    private static readonly Verdict Nothing = new(VerdictKind.NoConflict);

    /// <param name="ours">The transaction that lost the race.</param>
    /// <param name="winner">One of the commits since the snapshot it was derived from; those before it were checked already.</param>
    /// <param name="level">The level of the transaction.</param>
    public static Verdict Check(TransactionScope ours, WinningCommit winner, IsolationLevel level)
    {
        if (ours.Reads.Kind == ReadKind.Everything)
        {
            return AnyChange(winner);
        }

        Verdict? verdict = ProtocolChange.Check(ours, winner)
            ?? MetadataChange.Check(ours, winner)
            ?? Find(winner.Domains, VerdictKind.ConcurrentDomain, d => !IsMerged(d) && ours.Domains.Contains(d))
            ?? Find(winner.Applications, VerdictKind.ConcurrentTransaction, ours.Applications.Contains)
            ?? Appends(ours, winner, level)
            ?? Find(winner.Removed.Keys, VerdictKind.ConcurrentDeleteRead, path => ReadLost(ours, winner, path))
            ?? Deletes(ours, winner);
        return verdict ?? Nothing;
    }

    // Only commits that say nothing leave a plan alone that may depend on anything.
    private static Verdict AnyChange(WinningCommit winner) =>
        winner.Protocol is not null ? new Verdict(VerdictKind.ProtocolChanged, "protocol")
        : winner.Metadata is not null ? new Verdict(VerdictKind.MetadataChanged, "metadata")
        : Find(winner.Domains, VerdictKind.ConcurrentDomain, static _ => true)
            ?? Find(winner.Applications, VerdictKind.ConcurrentTransaction, static _ => true)
            ?? Find(winner.Removed.Keys, VerdictKind.ConcurrentDeleteRead, static _ => true)
            ?? Find(winner.Added.Keys, VerdictKind.ConcurrentAppend, static _ => true)
            ?? Nothing;

    private static bool IsMerged(string domain) => string.Equals(domain, RowTrackingDomain, StringComparison.Ordinal);

    private static Verdict? Appends(TransactionScope ours, WinningCommit winner, IsolationLevel level)
    {
        bool counts = level switch
        {
            IsolationLevel.SnapshotIsolation => false,
            IsolationLevel.WriteSerializable => !winner.IsBlindAppend || ours.ChangesMetadata,
            _ => true,
        };
        if (!counts)
        {
            return null;
        }

        foreach ((string path, AddFile file) in winner.Added)
        {
            // A file that only lost rows brings none.
            if (file.DataChange && !winner.Marked.ContainsKey(path) && ours.Reads.MayMatch(file))
            {
                return new Verdict(VerdictKind.ConcurrentAppend, path);
            }
        }

        return null;
    }

    private static bool ReadLost(TransactionScope ours, WinningCommit winner, string path) =>
        ours.Restated.Contains(path) || (ours.Reads.Contains(path) && !(ours.Reads.RowWise && winner.Marked.ContainsKey(path)));

    private static Verdict? Deletes(TransactionScope ours, WinningCommit winner)
    {
        Verdict? rebase = null;
        foreach ((string path, RemoveFile file) in ours.Removed)
        {
            VerdictKind kind = winner.Removed.ContainsKey(path) ? BothRemove(ours, winner, path)
                : winner.Added.TryGetValue(path, out AddFile? again) ? AddedAgain(ours, file, again, path)
                : VerdictKind.NoConflict;
            if (kind == VerdictKind.ConcurrentDeleteDelete)
            {
                return new Verdict(kind, path);
            }

            if (kind == VerdictKind.RebaseRows)
            {
                rebase ??= new Verdict(kind, path);
            }
        }

        return rebase;
    }

    private static VerdictKind BothRemove(TransactionScope ours, WinningCommit winner, string path)
    {
        bool fits = winner.Marked.TryGetValue(path, out DeletionVector? theirs)
            && (ours.Moved.Contains(path) || (ours.Marked.TryGetValue(path, out DeletionVector? own) && !Overlap(own, theirs)));
        return fits ? VerdictKind.RebaseRows : VerdictKind.ConcurrentDeleteDelete;
    }

    // Statistics or row ids of the file were set anew; its rows are the same as long as its deletion vector is.
    private static VerdictKind AddedAgain(TransactionScope ours, RemoveFile file, AddFile again, string path) =>
        !string.Equals(file.DeletionVector?.UniqueId, again.DeletionVector?.UniqueId, StringComparison.Ordinal) ? VerdictKind.ConcurrentDeleteDelete
        : ours.Marked.ContainsKey(path) ? VerdictKind.RebaseRows
        : VerdictKind.NoConflict;

    private static bool Overlap(DeletionVector a, DeletionVector b) => a.Except(b).Cardinality < a.Cardinality;

    private static Verdict? Find(IEnumerable<string> names, VerdictKind kind, Func<string, bool> condition)
    {
        foreach (string name in names)
        {
            if (condition(name))
            {
                return new Verdict(kind, name);
            }
        }

        return null;
    }
}
