using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>
/// The actions of a log compaction. One that is reconciled, as the protocol asks (notes, section 11), says one thing of each file; some writers put the
/// actions of all commits into it, the newest first.
/// </summary>
internal static class CompactedActions
{
    /// <summary>The first action of each file, transaction, domain and kind.</summary>
    public static IReadOnlyList<DeltaAction> Newest(IReadOnlyList<DeltaAction> actions)
    {
        HashSet<object> seen = [];
        return [.. actions.Where(action => KeyOf(action) is not { } key || seen.Add(key))];
    }

    private static object? KeyOf(DeltaAction action) => action switch
    {
        AddFile add => new LogicalFile(LogicalFile.PathKey(add.Path), add.DeletionVector?.UniqueId),
        RemoveFile remove => new LogicalFile(LogicalFile.PathKey(remove.Path), remove.DeletionVector?.UniqueId),
        SetTransaction transaction => (nameof(SetTransaction), transaction.AppId),
        DomainMetadata domain => (nameof(DomainMetadata), domain.Domain),
        MetadataAction or ProtocolAction => action.GetType(),
        _ => null,
    };
}
