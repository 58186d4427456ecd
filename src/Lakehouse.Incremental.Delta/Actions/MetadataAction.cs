namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>metaData</c> action: identity, schema, partitioning and properties of a table. Replaces the former one completely.</summary>
internal sealed record MetadataAction : DeltaAction
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public string FormatProvider { get; init; } = "parquet";

    public IReadOnlyDictionary<string, string> FormatOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>The schema in the protocol's JSON form.</summary>
    public required string SchemaString { get; init; }

    /// <summary>Logical names, in partition order.</summary>
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>Table properties; unknown keys are kept when the metadata is rewritten.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long? CreatedTime { get; init; }
}
