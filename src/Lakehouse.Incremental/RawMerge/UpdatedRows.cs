using Apache.Arrow;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Rows that one clause updates.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Rows">The rows, by target row; each is there once.</param>
/// <param name="Columns">Their new values by the position of the column; null for columns that keep theirs.</param>
internal sealed record UpdatedRows(BoundClause Clause, JoinedRows Rows, IArrowArray?[] Columns)
{
    /// <summary>Which of the rows differ from what they were.</summary>
    public bool[] Changed { get; } = new bool[Rows.Count];

    /// <summary>Positions of the rows that differ, or of those that do not, as far as is known.</summary>
    public int[] Where(bool changed) => RowMarks.Positions(Changed, changed);

    /// <summary>The target rows at some positions.</summary>
    public int[] Targets(int[] positions) => System.Array.ConvertAll(positions, i => Rows.TargetRows[i]);
}
