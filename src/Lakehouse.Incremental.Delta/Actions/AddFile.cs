namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>add</c> action: a data file becomes part of the table, or its deletion vector or statistics are replaced.</summary>
internal sealed record AddFile : DeltaAction
{
    /// <summary>As written in the log: a percent-encoded URI relative to the table root, or absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Physical column name to serialised value; null stands for a null value.</summary>
    public IReadOnlyDictionary<string, string?> PartitionValues { get; init; } = new Dictionary<string, string?>();

    public required long Size { get; init; }

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public required long ModificationTime { get; init; }

    public required bool DataChange { get; init; }

    /// <summary>Statistics as the JSON text of the protocol; null when there are none.</summary>
    public string? Stats { get; init; }

    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    public DeletionVectorDescriptor? DeletionVector { get; init; }

    public long? BaseRowId { get; init; }

    public long? DefaultRowCommitVersion { get; init; }

    public string? ClusteringProvider { get; init; }

    /// <summary>The partition as one text, the same for all its files.</summary>
    public string PartitionKey => PartitionValues.Count == 0 ? "" : string.Join(
        '\u0001',
        PartitionValues.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => $"{p.Key}\u0002{(p.Value is null ? "" : "\u0003" + p.Value)}"));
}
