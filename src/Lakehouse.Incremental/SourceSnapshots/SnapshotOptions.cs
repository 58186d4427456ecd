using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.SourceSnapshots;

/// <summary>What a complete snapshot of a source speaks for, and how much it may delete. The guards are on unless a call says otherwise.</summary>
public sealed record SnapshotOptions
{
    /// <summary>
    /// The part of the target that the snapshot is complete for, by columns of the data; only keys whose current row satisfies it can be deleted, and every row of the
    /// snapshot must. A condition that is unknown, as a comparison with null is, does not hold. Default: the whole table.
    /// </summary>
    public Filter? Scope { get; init; }

    /// <summary>Takes a snapshot without rows for what it says. The guard against many deletes holds all the same. Default false.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>The greatest share of the rows in scope that may be deleted at once, from 0 to 1; 1 is no guard. Default 0.2.</summary>
    public double MaxDeleteFraction { get; init; } = 0.2;

    /// <summary>So many deletes are allowed whatever share they are, so that small tables need no override. Default 100.</summary>
    public long MinGuardRows { get; init; } = 100;

    internal void Validate()
    {
        // NaN is no share either.
        if (!(MaxDeleteFraction is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(MaxDeleteFraction), MaxDeleteFraction, "must be from 0 to 1");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(MinGuardRows);
    }
}
