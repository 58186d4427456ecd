namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>What <see cref="DeltaTable.VacuumAsync"/> deleted, or would have.</summary>
/// <param name="DryRun">Whether nothing was deleted.</param>
/// <param name="Files">The files, by their paths in the table's folder, in ordinal order.</param>
/// <param name="Bytes">Their size together.</param>
public sealed record VacuumResult(bool DryRun, IReadOnlyList<string> Files, long Bytes);
