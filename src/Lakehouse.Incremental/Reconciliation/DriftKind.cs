namespace Lakehouse.Incremental.Reconciliation;

/// <summary>How a key of a table differs from the full recompute (semantics 2.40).</summary>
public enum DriftKind
{
    /// <summary>The key must be there and is not.</summary>
    Missing,

    /// <summary>The key is there and must not be.</summary>
    Extra,

    /// <summary>The key's rows have other values.</summary>
    Different,

    /// <summary>The key has rows more than once.</summary>
    Duplicate,

    /// <summary>The rows are right, but the flow's hidden state (tombstones, members of runs, accumulators) is not.</summary>
    StateDrift,
}
