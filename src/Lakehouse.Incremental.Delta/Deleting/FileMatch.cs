using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Delta.Deleting;

/// <summary>The rows of one file that are to be deleted.</summary>
/// <param name="File">A live file.</param>
/// <param name="Rows">Positions of live rows; null when all live rows go.</param>
/// <param name="Count">Number of these rows; not 0 unless the file has no live row at all.</param>
internal sealed record FileMatch(AddFile File, DeletionVector? Rows, long Count)
{
    public bool IsWhole => Rows is null;
}
