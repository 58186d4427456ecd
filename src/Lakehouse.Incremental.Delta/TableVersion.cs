namespace Lakehouse.Incremental.Delta;

/// <summary>One version in the history of a table.</summary>
public sealed record TableVersion
{
    /// <summary>The version, 0 for the first commit.</summary>
    public required long Version { get; init; }

    /// <summary>When it was committed, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What was done, in the writer's word, such as <c>WRITE</c> or <c>MERGE</c>; null when the commit does not tell.</summary>
    public string? Operation { get; init; }

    /// <summary>The parameters of the operation, each as its JSON text without the quotes of strings. Never null.</summary>
    public IReadOnlyDictionary<string, string> OperationParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The counts of the operation, each as its JSON text without the quotes of strings. Never null.</summary>
    public IReadOnlyDictionary<string, string> OperationMetrics { get; init; } = new Dictionary<string, string>();

    /// <summary>The version the writer had read; null when the commit does not tell.</summary>
    public long? ReadVersion { get; init; }

    /// <summary>Whether the commit only added rows without having read the table; null when the commit does not tell.</summary>
    public bool? IsBlindAppend { get; init; }

    /// <summary>Name and version of the writer; null when the commit does not tell.</summary>
    public string? EngineInfo { get; init; }

    /// <summary>The text the caller gave; null when there is none.</summary>
    public string? UserMetadata { get; init; }
}
