namespace Lakehouse.Incremental.Explain;

/// <summary>Why a key has the rows it has: its events in ORDER, and for each row the events, the rule and the batch that made it (semantics 2.41).</summary>
public sealed record KeyExplanation
{
    /// <summary>The name of the flow.</summary>
    public required string Flow { get; init; }

    /// <summary>The name of the target.</summary>
    public required string Table { get; init; }

    /// <summary>The key as text; several columns in parentheses.</summary>
    public required string Key { get; init; }

    /// <summary>The version of the target that is explained.</summary>
    public required long TargetVersion { get; init; }

    /// <summary>The version of the staging table up to which the target has merged; -1 when it has merged nothing of it.</summary>
    public required long MergedVersion { get; init; }

    /// <summary>
    /// The events of the key in ORDER, truncates among them, then those that were refused, then those of former keys that rows show something of. Events are
    /// numbered in this order.
    /// </summary>
    public required IReadOnlyList<ExplainedEvent> Events { get; init; }

    /// <summary>The rows of the key, those of a history by start; rows that should be there among them.</summary>
    public required IReadOnlyList<ExplainedRow> Rows { get; init; }

    /// <summary>What else matters: horizon, baseline, what the log does not tell any more.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>False when neither the staging table nor the target knows the key.</summary>
    public bool IsKnown => Rows.Count > 0 || Events.Any(static e => e.Kind != ChangeKind.Truncate);

    /// <summary>True when the target's rows are not what the events say; the reconciler repairs that.</summary>
    public bool HasDrift => Rows.Any(static row => row.Status != RowStatus.AsExplained);

    /// <summary>Several lines for people; long values are cut. The form is no contract.</summary>
    public override string ToString() => ExplanationText.Of(this);
}
