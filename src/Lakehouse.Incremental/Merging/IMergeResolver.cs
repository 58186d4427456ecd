using Lakehouse.Incremental.Changes;

namespace Lakehouse.Incremental.Merging;

/// <summary>Decides what a folded batch does to the table: the one step that differs between the SCD types.</summary>
internal interface IMergeResolver
{
    Task<MergePlan> ResolveAsync(MergeTarget target, ChangeBatch batch, FoldedChanges folded, ResolveMode mode, CancellationToken cancellationToken);
}
