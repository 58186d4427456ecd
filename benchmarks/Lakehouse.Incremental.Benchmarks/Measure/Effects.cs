namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>What a peer says it did; null where it does not say.</summary>
internal sealed record Effects
{
    /// <summary>Rows written to data files, changed or copied.</summary>
    public long? RowsWritten { get; init; }

    /// <summary>Rows whose values changed, entered or left.</summary>
    public long? RowsChanged { get; init; }

    /// <summary>Data files added, removed or given a deletion vector.</summary>
    public long? FilesTouched { get; init; }

    /// <summary>Data files added.</summary>
    public long? FilesAdded { get; init; }

    /// <summary>Where the time went.</summary>
    public string? Steps { get; init; }
}
