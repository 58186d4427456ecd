namespace Lakehouse.Incremental.Explain;

/// <summary>An event of a key, and what became of it.</summary>
public sealed record ExplainedEvent
{
    /// <summary>Its number in the explanation, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Its key as text: the key that is explained, or one that the key was before (<see cref="Merging.MergeFlowBuilder.PreviousKeys"/>).</summary>
    public required string Key { get; init; }

    /// <summary>Its place in the order as text; several columns in parentheses.</summary>
    public required string Order { get; init; }

    /// <summary>What it does; null for an event that is <see cref="EventStatus.Refused"/>.</summary>
    public required ChangeKind? Kind { get; init; }

    /// <summary>Where it is known from.</summary>
    public required EventKnowledge Knowledge { get; init; }

    /// <summary>Where it was staged; null when it is not known from there.</summary>
    public StagedPlace? Staged { get; init; }

    /// <summary>The cells it sets, but for key and sequence. A cell that is not among them says nothing.</summary>
    public IReadOnlyList<SetCell> Cells { get; init; } = [];

    /// <summary>What became of it.</summary>
    public required EventStatus Status { get; init; }

    /// <summary>The number of the event that this is due to: the one it repeats, that overtook it, hides it or deleted it; for a delete the one it ended. Null for none.</summary>
    public int? By { get; init; }

    /// <summary>The rule, in words, with the number of its section in the semantics.</summary>
    public required string Rule { get; init; }

    /// <summary>The version of the target that merged it; null when it is not merged, or the log does not tell.</summary>
    public long? AppliedVersion { get; init; }

    /// <summary>The name of the batch that merged it; null as above.</summary>
    public string? AppliedBatch { get; init; }
}
