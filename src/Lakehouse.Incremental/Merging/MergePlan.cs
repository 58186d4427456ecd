using Apache.Arrow;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Merging;

/// <summary>What a batch does to a table at one snapshot: a value between resolving and writing.</summary>
internal sealed class MergePlan
{
    /// <summary>Rows that leave the table.</summary>
    public required IReadOnlyList<RowLocation> Removed { get; init; }

    /// <summary>Rows that enter the table, in canonical order, in the table's schema.</summary>
    public required RecordBatch Added { get; init; }

    /// <summary>For each row of <see cref="Added"/> the row it takes the place of; null for one that is new.</summary>
    public required IReadOnlyList<RowLocation?> Replaced { get; init; }

    /// <summary>The table's columns and <c>_change_type</c>; null when the table keeps no change data.</summary>
    public required RecordBatch? Changes { get; init; }

    /// <summary>Records that enter the flow's state.</summary>
    public required RecordBatch StateUpserts { get; init; }

    /// <summary>Keys of records that leave the flow's state.</summary>
    public required RecordBatch StateRemovals { get; init; }

    public required MergeCounts Counts { get; init; }

    /// <summary>Rows of the batch that are too late to be applied (semantics 2.4).</summary>
    public IReadOnlyList<int> TooLate { get; init; } = [];

    /// <summary>True when the rows and the state stay as they are.</summary>
    public bool IsEmpty => Removed.Count == 0 && Added.Length == 0 && StateUpserts.Length == 0 && StateRemovals.Length == 0;
}
