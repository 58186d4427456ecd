using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Null-safe equality of single cells by canonical value (semantics 2.10). For tests, reports and few rows; hot paths compare digests.
/// </summary>
internal static class RowEquality
{
    /// <summary>
    /// Two nulls are equal. Integers of any width, decimals of any scale, and floats and doubles compare by value; values of different type
    /// families are never equal. In structs a missing field equals a null one.
    /// </summary>
    public static bool Equal(IArrowArray a, int i, IArrowArray b, int j)
    {
        CellWriter left = CellWriters.Canonical(a.Data, DigestDomain.Data);
        CellWriter right = CellWriters.Canonical(b.Data, DigestDomain.Data);
        bool equal = left.IsNull(i) || right.IsNull(j)
            ? left.IsNull(i) && right.IsNull(j)
            : CanonicalFamily.Of(a.Data.DataType) == CanonicalFamily.Of(b.Data.DataType) && Bytes(left, i).AsSpan().SequenceEqual(Bytes(right, j));
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return equal;
    }

    private static byte[] Bytes(CellWriter writer, int row)
    {
        byte[] bytes = new byte[writer.Size(row)];
        return bytes[..writer.Write(row, bytes)];
    }
}
