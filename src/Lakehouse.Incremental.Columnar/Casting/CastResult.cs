using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>An array in its target type, and which of its values could not be represented.</summary>
/// <param name="Array">The result in managed memory; null where a value failed.</param>
/// <param name="Failed">A mark per row, or null when nothing failed.</param>
internal sealed record CastResult(IArrowArray Array, bool[]? Failed)
{
    public int FailedRows => Failed?.Count(f => f) ?? 0;

    /// <summary>The first row that failed, or -1.</summary>
    public int FirstFailedRow => Failed is null ? -1 : System.Array.IndexOf(Failed, true);
}
