using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>What <see cref="DeltaTable.OptimizeAsync"/> rewrites.</summary>
public sealed record OptimizeOptions
{
    private const long DefaultTargetFileSize = 256L << 20;

    private const double DefaultMaxDeletedShare = 0.05;

    /// <summary>
    /// Files of one partition are joined up to this size, in bytes, or up to <see cref="DeltaTableOptions.MaxRowsPerFile"/> rows, whichever comes
    /// first. Default 256 MiB; at least 1.
    /// </summary>
    public long TargetFileSize { get; init; } = DefaultTargetFileSize;

    /// <summary>
    /// A file of which a deletion vector hides a greater share of the rows is rewritten without them, whatever its size. Default 0.05; 0 rewrites all
    /// files with a deletion vector, 1 none.
    /// </summary>
    public double MaxDeletedShare { get; init; } = DefaultMaxDeletedShare;

    /// <summary>A condition on partition columns: other partitions are left alone. Default: none.</summary>
    public Filter? Filter { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TargetFileSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDeletedShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDeletedShare, 1);
    }
}
