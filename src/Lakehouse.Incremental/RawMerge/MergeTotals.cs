using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>What the outcomes of all files come to.</summary>
internal sealed class MergeTotals
{
    /// <summary>The files that hold rows which were looked at.</summary>
    public List<AddFile> Files { get; } = [];

    public int FilesScanned { get; private set; }

    /// <inheritdoc cref="FileOutcome.KeepsMatches"/>
    public bool KeepsMatches { get; private set; }

    public long Inserted { get; set; }

    public long MatchedUpdated { get; private set; }

    public long MatchedDeleted { get; private set; }

    public long NotMatchedBySourceUpdated { get; private set; }

    public long NotMatchedBySourceDeleted { get; private set; }

    public long Unchanged { get; private set; }

    public void Add(FileOutcome outcome)
    {
        Files.AddRange(outcome.Files);
        FilesScanned += outcome.Scanned;
        KeepsMatches |= outcome.KeepsMatches;
        MatchedUpdated += outcome.MatchedUpdated;
        MatchedDeleted += outcome.MatchedDeleted;
        NotMatchedBySourceUpdated += outcome.Updated.Length - outcome.MatchedUpdated;
        NotMatchedBySourceDeleted += outcome.RemovedRows - outcome.Updated.Length - outcome.MatchedDeleted;
        Unchanged += outcome.Unchanged;
    }
}
