using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Lineage;

namespace Lakehouse.Incremental.Merging;

/// <summary>Events offered to a flow, and what is known of where they come from.</summary>
internal sealed record MergeInput
{
    public required IReadOnlyList<RecordBatch> Events { get; init; }

    public required BatchAudit Audit { get; init; }

    /// <summary>What the log will remember as consumed; null when the input has no version.</summary>
    public SetTransaction? Transaction { get; init; }

    /// <summary>What the log must remember as consumed for this input to be the next one.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>True to derive the rows of all keys again: the state changes in a way that concerns them.</summary>
    public bool TouchesAllKeys { get; init; }

    public ResolveMode Mode { get; init; } = ResolveMode.Merge;

    /// <summary>Makes events that are normalised already, for the target as each attempt finds it; of <see cref="Events"/> then only the columns count.</summary>
    public Func<MergeTarget, CancellationToken, Task<NormalizedEvents>>? Select { get; init; }

    /// <summary>Looks at the plan before it is written, and throws where it must not be.</summary>
    public Action<MergeTarget, MergePlan>? Verify { get; init; }

    /// <summary>True when the rows of the table need not come from a flow.</summary>
    public bool Adopts { get; init; }
}
