using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>commitInfo</c> action. Free-form by the protocol: what has no property here stays in <see cref="Extra"/>.</summary>
internal sealed record CommitInfo : DeltaAction
{
    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Milliseconds since the Unix epoch, when the table has in-commit timestamps.</summary>
    public long? InCommitTimestamp { get; init; }

    public string? Operation { get; init; }

    /// <summary>Values may be any JSON type.</summary>
    public JsonObject? OperationParameters { get; init; }

    public JsonObject? OperationMetrics { get; init; }

    public long? ReadVersion { get; init; }

    public string? IsolationLevel { get; init; }

    public bool? IsBlindAppend { get; init; }

    public string? EngineInfo { get; init; }

    /// <summary>Unique per commit attempt: tells after an ambiguous write whether the commit that stands is ours.</summary>
    public string? TxnId { get; init; }

    /// <summary>JSON text of the caller; the engines put their lineage and counts here.</summary>
    public string? UserMetadata { get; init; }

    public JsonObject? Tags { get; init; }

    /// <summary>Fields this library does not know, kept as they were.</summary>
    public JsonObject? Extra { get; init; }
}
