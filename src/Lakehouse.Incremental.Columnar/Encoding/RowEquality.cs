using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Null-safe equality of single cells by canonical value (semantics 2.10). For tests, reports and few rows; hot paths compare digests.</summary>
internal static class RowEquality
{
    public static bool Equal(IArrowArray a, int i, IArrowArray b, int j)
    {
        CellWriter left = CellWriters.Canonical(a.Data);
        CellWriter right = CellWriters.Canonical(b.Data);
        if (left.IsNull(i) || right.IsNull(j))
        {
            return left.IsNull(i) && right.IsNull(j);
        }

        return Bytes(left, i).AsSpan().SequenceEqual(Bytes(right, j));
    }

    private static byte[] Bytes(CellWriter writer, int row)
    {
        byte[] bytes = new byte[writer.Size(row)];
        writer.Write(row, bytes);
        return bytes;
    }
}
