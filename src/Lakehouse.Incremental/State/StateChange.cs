using Apache.Arrow;

namespace Lakehouse.Incremental.State;

/// <summary>A change of a set that is written but not yet committed.</summary>
/// <param name="Files">The files that hold the set after the change, oldest first.</param>
/// <param name="Upserts">Records that enter or replace.</param>
/// <param name="Removals">Keys of records that leave.</param>
internal sealed record StateChange(IReadOnlyList<StateFile> Files, RecordBatch Upserts, RecordBatch Removals);
