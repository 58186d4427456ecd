namespace Lakehouse.Incremental.Delta;

/// <summary>What a new table is like. Without effect on a table that exists already.</summary>
public sealed record DeltaTableCreateOptions
{
    /// <summary>Names of the columns to partition by, in this order. Default: none.</summary>
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>Whether the table records which rows each version changed. Needed to read changes from it. Default false.</summary>
    public bool ChangeDataFeed { get; init; }

    /// <summary>
    /// Whether rows may be deleted by marking them instead of rewriting their files. Readers must know the feature. Default true.
    /// </summary>
    public bool DeletionVectors { get; init; } = true;

    /// <summary>A name for people. Default: none.</summary>
    public string? Name { get; init; }

    /// <summary>A description for people. Default: none.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Further table properties, such as <c>delta.checkpointInterval</c>. They take precedence over the options
    /// above. An entry <c>delta.feature.{name} = supported</c> puts a table feature into the protocol. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
