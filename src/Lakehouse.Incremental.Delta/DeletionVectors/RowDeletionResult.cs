using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>What has to be committed to delete rows.</summary>
/// <param name="Actions">Removes and adds.</param>
/// <param name="WrittenPaths">Storage paths of the new deletion vector files.</param>
/// <param name="DeletedRows">Rows that were live before and are deleted by the actions.</param>
internal sealed record RowDeletionResult(IReadOnlyList<DeltaAction> Actions, IReadOnlyList<string> WrittenPaths, long DeletedRows);
