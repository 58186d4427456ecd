using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Merging;

/// <summary>What one input did: the fate of its events, and the commit, if one was needed.</summary>
internal sealed record MergeStep(MergeCounts Counts, TransactionResult? Commit)
{
    public long? Version => Commit?.Version;

    /// <summary>Data files that are new in the table.</summary>
    public int FilesAdded => NewFiles.Count();

    /// <summary>Data files that left the table; one that got a deletion vector stays.</summary>
    public int FilesRemoved => Actions.OfType<RemoveFile>().Select(static file => LogicalFile.PathKey(file.Path))
        .Except(Actions.OfType<AddFile>().Select(static file => LogicalFile.PathKey(file.Path)), StringComparer.Ordinal).Count();

    /// <summary>Size of the new data and change data files.</summary>
    public long BytesWritten => NewFiles.Sum(static file => file.Size) + Actions.OfType<AddCdcFile>().Sum(static file => file.Size);

    /// <summary>Size of the data files that left the table, as far as the log says.</summary>
    public long BytesRemoved
    {
        get
        {
            HashSet<string> kept = [.. Actions.OfType<AddFile>().Select(static file => LogicalFile.PathKey(file.Path))];
            return Actions.OfType<RemoveFile>().Where(file => !kept.Contains(LogicalFile.PathKey(file.Path))).Sum(static file => file.Size ?? 0);
        }
    }

    /// <summary>Commits that other writers were faster with.</summary>
    public int LostRaces => (Commit?.Attempts ?? 1) - 1;

    private IEnumerable<AddFile> NewFiles =>
        Actions.OfType<AddFile>().Where(file => !Commit!.ReadSnapshot.TryGetFile(LogicalFile.PathKey(file.Path), out _));

    private IReadOnlyList<DeltaAction> Actions => Commit?.Plan.Actions ?? [];
}
