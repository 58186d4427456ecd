namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>When files are merged (performance notes B5): size-tiered, so that a row is rewritten O(log n) times over its life.</summary>
internal sealed record CompactionPolicy
{
    public static CompactionPolicy Default { get; } = new();

    /// <summary>So many files of one tier become one; a tier holds files of up to so many times the rows of the tier below.</summary>
    public int Factor { get; init; } = 8;

    /// <summary>Rows of the largest file of the lowest tier.</summary>
    public long SmallestTierRows { get; init; } = 1024;

    /// <summary>Files with more live rows are left alone unless they are mostly dead.</summary>
    public long MaxRows { get; init; } = 1_000_000;

    /// <summary>A file with a larger share of deleted rows is rewritten.</summary>
    public double MaxDeadFraction { get; init; } = 0.5;
}
