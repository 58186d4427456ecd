using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>What becomes of the rows of some files: a value, nothing is written yet.</summary>
internal sealed record FileOutcome
{
    /// <summary>The files that hold rows which were looked at.</summary>
    public required IReadOnlyList<AddFile> Files { get; init; }

    /// <summary>How many files were read.</summary>
    public required int Scanned { get; init; }

    /// <summary>The rows that leave, deleted or replaced.</summary>
    public required IReadOnlyList<(AddFile File, DeletionVector Rows)> Removed { get; init; }

    /// <summary>The rows that replace others, in the order of those; with their ids, where the table keeps those.</summary>
    public required RecordBatch Updated { get; init; }

    /// <summary>The changes, for those who read them; null where nobody does, or there are none.</summary>
    public required RecordBatch? Changes { get; init; }

    /// <summary>The target and the source row of each row that is updated; -1 for none.</summary>
    public required IReadOnlyList<(int Target, int Source)> Origins { get; init; }

    /// <summary>The source row of each pair that a clause took, where keys are declared unique.</summary>
    public required int[] TakenSources { get; init; }

    /// <summary>True when a matching row stays as it is, so that others who delete it would change what becomes of its source row.</summary>
    public required bool KeepsMatches { get; init; }

    public required int RemovedRows { get; init; }

    public required int MatchedUpdated { get; init; }

    public required int MatchedDeleted { get; init; }

    public required int Unchanged { get; init; }
}
