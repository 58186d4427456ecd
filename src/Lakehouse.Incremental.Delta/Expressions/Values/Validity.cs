using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>Bitmaps of the rows that are not null; null for all rows.</summary>
internal static class Validity
{
    public static byte[]? Of(SqlVector vector, int rows)
    {
        if (!vector.HasNulls)
        {
            return null;
        }

        byte[] bits = new byte[Bitmaps.Bytes(rows)];
        if (!vector.IsConstant && vector.Data.DataType is not Apache.Arrow.Types.NullType)
        {
            Bitmaps.Copy(vector.Data.Buffers[0].Span, vector.Array.Offset, bits, 0, rows);
        }
        else if (!vector.IsNull(0))
        {
            Bitmaps.SetRange(bits, 0, rows);
        }

        return bits;
    }

    /// <summary>The rows in which all are not null.</summary>
    public static byte[]? Of(ReadOnlySpan<SqlVector> vectors, int rows)
    {
        byte[]? all = null;
        foreach (SqlVector vector in vectors)
        {
            byte[]? one = Of(vector, rows);
            if (all is null || one is null)
            {
                all ??= one;
                continue;
            }

            for (int i = 0; i < all.Length; i++)
            {
                all[i] &= one[i];
            }
        }

        return all;
    }

    public static bool IsValid(byte[]? validity, int row) => validity is null || Bitmaps.Get(validity, row);

    /// <summary>Makes a row null.</summary>
    public static void Clear(ref byte[]? validity, int row, int rows)
    {
        if (validity is null)
        {
            validity = new byte[Bitmaps.Bytes(rows)];
            Bitmaps.SetRange(validity, 0, rows);
        }

        Bitmaps.Clear(validity, row);
    }
}
