namespace Lakehouse.Incremental.Changes;

/// <summary>Which cells of rows are set. A cell that is not set says nothing; a null that is set says null (semantics 2.12).</summary>
internal sealed class CellPresence(int rows, int columns)
{
    private readonly ulong[] _unset = new ulong[rows * Stride(columns)];
    private readonly int _stride = Stride(columns);

    public int Columns => columns;

    public bool IsSet(int row, int column) => (_unset[(row * _stride) + (column >> 6)] >> (column & 63) & 1) == 0;

    public void Set(int row, int column, bool isSet)
    {
        ref ulong word = ref _unset[(row * _stride) + (column >> 6)];
        ulong bit = 1UL << (column & 63);
        word = isSet ? word & ~bit : word | bit;
    }

    /// <summary>True when the row sets all its cells.</summary>
    public bool IsWhole(int row) => !Words(row).ContainsAnyExcept(0UL);

    /// <summary>Equal for rows that set the same cells.</summary>
    public ReadOnlySpan<ulong> Words(int row) => _unset.AsSpan(row * _stride, _stride);

    /// <summary>The presence of rows of several lists put together; null stands for lists whose rows are whole.</summary>
    public static CellPresence? Concat(IReadOnlyList<(CellPresence? Presence, int Rows)> parts, int columns)
    {
        if (parts.All(static part => part.Presence is null))
        {
            return null;
        }

        CellPresence all = new(parts.Sum(static part => part.Rows), columns);
        int next = 0;
        foreach ((CellPresence? presence, int rows) in parts)
        {
            presence?._unset.CopyTo(all._unset, next * all._stride);
            next += rows;
        }

        return all;
    }

    /// <summary>The presence of some of the rows.</summary>
    public CellPresence Take(IReadOnlyList<int> rowsToTake)
    {
        CellPresence taken = new(rowsToTake.Count, columns);
        for (int i = 0; i < rowsToTake.Count; i++)
        {
            Words(rowsToTake[i]).CopyTo(taken._unset.AsSpan(i * _stride));
        }

        return taken;
    }

    private static int Stride(int columns) => (columns + 63) / 64;
}
