using Apache.Arrow;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>What becomes of the rows: a value, nothing is written yet. Rows have the columns the table will have.</summary>
internal sealed record MergeOutcome
{
    /// <summary>Positions among the rows of <see cref="TargetMatches"/> that leave, deleted or replaced, ascending.</summary>
    public required int[] Removed { get; init; }

    /// <summary>What those rows were, in the same order.</summary>
    public required RecordBatch Before { get; init; }

    /// <summary>For each row that leaves the row of <see cref="Updated"/> that replaces it, or -1.</summary>
    public required int[] ReplacedBy { get; init; }

    /// <summary>The rows that replace others, in the order of those.</summary>
    public required RecordBatch Updated { get; init; }

    /// <summary>The rows that are new, in the order of the source.</summary>
    public required RecordBatch Inserted { get; init; }

    /// <summary>The target and the source row of each row that is updated and then of each that is inserted; -1 for none.</summary>
    public required IReadOnlyList<(int Target, int Source)> Origins { get; init; }

    /// <summary>The last numbers given to new rows, by the position of their column.</summary>
    public required IReadOnlyDictionary<int, long> IdentityMarks { get; init; }

    /// <summary>True when a matching row stays as it is, so that others who delete it would change what becomes of its source row.</summary>
    public required bool KeepsMatches { get; init; }

    public required int MatchedUpdated { get; init; }

    public required int MatchedDeleted { get; init; }

    public required int Unchanged { get; init; }

    public int NotMatchedBySourceUpdated => Updated.Length - MatchedUpdated;

    public int NotMatchedBySourceDeleted => Removed.Length - Updated.Length - MatchedDeleted;
}
