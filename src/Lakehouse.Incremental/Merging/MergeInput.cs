using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Lineage;

namespace Lakehouse.Incremental.Merging;

/// <summary>Events offered to a flow, and what is known of where they come from.</summary>
internal sealed record MergeInput
{
    public required IReadOnlyList<RecordBatch> Events { get; init; }

    public required BatchAudit Audit { get; init; }

    /// <summary>What the log will remember as consumed; null when the input has no version.</summary>
    public SetTransaction? Transaction { get; init; }

    /// <summary>What becomes of the numbers that batches passed over; null when they stay as they are.</summary>
    public DomainMetadata? Gaps { get; init; }

    /// <summary>True for a version of the table that the input may follow; null: it may follow any.</summary>
    public Func<Snapshot, bool>? Follows { get; init; }

    /// <summary>True for versions of the table in which an application stands at a version, -1 where it has none.</summary>
    public static Func<Snapshot, bool> After(string appId, long version) => snapshot => (snapshot.TransactionVersion(appId) ?? -1) == version;

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
