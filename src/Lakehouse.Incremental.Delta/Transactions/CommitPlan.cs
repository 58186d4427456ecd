using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What a transaction wants to commit, derived from one snapshot. The files it adds are durable already.</summary>
internal sealed record CommitPlan
{
    private readonly ReadScope? _reads;

    /// <summary>
    /// All but <c>commitInfo</c>. Domain metadata needs no protocol action: one is added when the table lacks the feature.
    /// </summary>
    public required IReadOnlyList<DeltaAction> Actions { get; init; }

    /// <summary>Operation, parameters, metrics and user metadata; the rest is filled in.</summary>
    public required CommitInfo Info { get; init; }

    /// <summary>True when the actions only add rows and do not depend on the rows of the snapshot. The commit says so to others.</summary>
    public bool BlindAppend { get; init; }

    /// <summary>
    /// What the actions depend on. After a lost race the plan is committed again, fitted where need be, unless the winner changed something of it.
    /// A plan that does not say is derived anew after every lost race, and a blind append depends on nothing.
    /// </summary>
    public ReadScope Reads
    {
        get => _reads ?? (BlindAppend ? ReadScope.Nothing : ReadScope.Everything);
        init => _reads = value;
    }

    /// <summary>
    /// Where rows went that the plan moves to other files without changing them; rows that others delete meanwhile are deleted there.
    /// </summary>
    public IReadOnlyList<RowMove> Moves { get; init; } = [];

    /// <summary>True when no other plan can be derived: then a conflict ends the transaction.</summary>
    public bool DerivedOnce { get; init; }

    /// <summary>
    /// Storage paths (not encoded) of the files written for this plan. Those are deleted again when it is known that they did not become part of
    /// the table.
    /// </summary>
    public IReadOnlyList<string> WrittenPaths { get; init; } = [];
}
