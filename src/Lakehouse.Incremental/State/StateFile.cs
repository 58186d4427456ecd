namespace Lakehouse.Incremental.State;

/// <summary>A file of state records below <c>_incremental/state/</c> of the table.</summary>
/// <param name="Path">Relative to the table.</param>
/// <param name="Rows">Records in it, removals included.</param>
internal sealed record StateFile(string Path, long Rows);
