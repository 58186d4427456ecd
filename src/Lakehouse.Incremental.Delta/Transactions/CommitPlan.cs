using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What a transaction wants to commit, derived from one snapshot. The files it adds are durable already.</summary>
internal sealed record CommitPlan
{
    /// <summary>
    /// All but <c>commitInfo</c>. Domain metadata needs no protocol action: one is added when the table lacks the feature.
    /// </summary>
    public required IReadOnlyList<DeltaAction> Actions { get; init; }

    /// <summary>Operation, parameters, metrics and user metadata; the rest is filled in.</summary>
    public required CommitInfo Info { get; init; }

    /// <summary>
    /// True when the actions do not depend on the rows of the snapshot. After a lost race such a plan is committed again as it is, unless the winner
    /// changed protocol or metadata, or committed for the same application.
    /// </summary>
    public bool BlindAppend { get; init; }

    /// <summary>
    /// Storage paths (not encoded) of the files written for this plan. Those are deleted again when it is known that they did not become part of
    /// the table.
    /// </summary>
    public IReadOnlyList<string> WrittenPaths { get; init; } = [];
}
