namespace Lakehouse.Incremental.Delta;

/// <summary>What a table is like, as of its latest version.</summary>
public sealed record TableDescription
{
    /// <summary>The identity of the table, which stays the same for its life.</summary>
    public required string Id { get; init; }

    /// <summary>The name; null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The description; null when it has none.</summary>
    public string? Description { get; init; }

    /// <summary>The format of the table; <c>delta</c>.</summary>
    public string Format { get; init; } = "delta";

    /// <summary>Where it lies, as its storage names it.</summary>
    public required string Location { get; init; }

    /// <summary>When it was created, UTC; null when the table does not tell.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the latest version was committed, UTC.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>The latest version.</summary>
    public required long Version { get; init; }

    /// <summary>Names of the partition columns in partition order. Never null.</summary>
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>Names of the columns the table is clustered by, parts of nested ones joined by dots. Never null.</summary>
    public IReadOnlyList<string> ClusteringColumns { get; init; } = [];

    /// <summary>The number of data files.</summary>
    public required int FileCount { get; init; }

    /// <summary>Bytes of all data files, rows hidden by deletion vectors included.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>The number of rows by the statistics of the files; null when a file does not tell.</summary>
    public long? RowCount { get; init; }

    /// <summary>How many files have a deletion vector.</summary>
    public required int DeletionVectorCount { get; init; }

    /// <summary>How many rows the deletion vectors hide.</summary>
    public required long DeletedRowCount { get; init; }

    /// <summary>The table properties as they are in the log. Never null.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The least version of the protocol that a reader must know.</summary>
    public required int MinReaderVersion { get; init; }

    /// <summary>The least version of the protocol that a writer must know.</summary>
    public required int MinWriterVersion { get; init; }

    /// <summary>The table features, those that older protocol versions imply included, in ordinal order. Never null.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];
}
