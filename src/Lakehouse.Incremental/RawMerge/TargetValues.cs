using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Some columns of some of the target rows that are looked at: those that were asked for.</summary>
/// <param name="columns">By their position in the table; null for those that were not read.</param>
/// <param name="places">Where the values of each row stand, -1 for nowhere; null when they stand in the order of the rows.</param>
internal sealed class TargetValues(IReadOnlyList<IArrowArray?> columns, int[]? places)
{
    /// <summary>No values at all.</summary>
    public static TargetValues None { get; } = new([], []);

    /// <summary>Whether a column is there.</summary>
    public bool Has(int column) => column < columns.Count && columns[column] is not null;

    /// <summary>Whether a row is there.</summary>
    public bool HasRow(int row) => places is null || (row < places.Length && places[row] >= 0);

    /// <summary>A column as it was read.</summary>
    public IArrowArray Column(int column) =>
        Has(column) ? columns[column]! : throw new ArgumentOutOfRangeException(nameof(column), column, "The column was not read.");

    /// <summary>Where in <see cref="Column"/> rows stand.</summary>
    public int[] Places(ReadOnlySpan<int> rows)
    {
        int[] found = rows.ToArray();
        for (int i = 0; places is not null && i < found.Length; i++)
        {
            // A null for a row that was not read would be taken for its value.
            found[i] = HasRow(rows[i]) ? places[rows[i]] : throw new ArgumentOutOfRangeException(nameof(rows), rows[i], "The row was not read.");
        }

        return found;
    }

    /// <summary>The values of rows, copied.</summary>
    public IArrowArray Take(int column, ReadOnlySpan<int> rows) =>
        rows.IsEmpty && !Has(column) ? new NullArray(0) : TakeKernel.Take(Column(column), Places(rows));
}
