using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>Compares values of one type, or decimals of any scale. Texts and binaries compare by their bytes.</summary>
internal static class ComparisonKernel
{
    /// <summary>Null where a side is null.</summary>
    public static IArrowArray Compare(Comparison comparison, DataType left, DataType right, SqlVector a, SqlVector b, int rows)
    {
        byte[]? validity = Validity.Of([a, b], rows);
        byte[] bits = new byte[Bitmaps.Bytes(rows)];
        if (left != PrimitiveType.Void)
        {
            bool[] holds = [.. Enumerable.Range(-1, 3).Select(order => ComparisonFilter.Holds(comparison, order))];
            Fill(left, right, a, b, bits, holds, validity, rows);
        }

        return Arrays.Booleans(bits, validity, rows);
    }

    /// <summary><c>&lt;=&gt;</c>: never null; nulls are equal to each other and to nothing else.</summary>
    public static IArrowArray NullSafeEqual(DataType left, DataType right, SqlVector a, SqlVector b, int rows)
    {
        Truths equal = new(new SqlVector(Compare(Comparison.Equal, left, right, a, b, rows), IsConstant: false));
        byte[] bits = new byte[Bitmaps.Bytes(rows)];
        for (int row = 0; row < rows; row++)
        {
            if (equal.IsNull(row) ? a.IsNull(row) && b.IsNull(row) : equal.Bit(row))
            {
                Bitmaps.Set(bits, row);
            }
        }

        return Arrays.Booleans(bits, null, rows);
    }

    // Nulls inside of nested values are equal to each other. There is no order, so what is not equal counts as less.
    private static void Nested(SqlVector a, SqlVector b, byte[] bits, bool[] holds, byte[]? validity, int rows)
    {
        CellWriter left = CellWriters.Canonical(a.Data, DigestDomain.Data);
        CellWriter right = CellWriters.Canonical(b.Data, DigestDomain.Data);
        for (int row = 0; row < rows; row++)
        {
            if (Validity.IsValid(validity, row) && holds[Bytes(left, row & a.Mask).AsSpan().SequenceEqual(Bytes(right, row & b.Mask)) ? 1 : 0])
            {
                Bitmaps.Set(bits, row);
            }
        }
    }

    private static byte[] Bytes(CellWriter cells, int row)
    {
        byte[] bytes = new byte[cells.Size(row)];
        return bytes[..cells.Write(row, bytes)];
    }

    private static void Fill(DataType left, DataType right, SqlVector a, SqlVector b, byte[] bits, bool[] holds, byte[]? validity, int rows)
    {
        if (left is DecimalType x && right is DecimalType y)
        {
            Decimals(x.Scale, y.Scale, a, b, bits, holds, validity, rows);
            return;
        }

        if (SqlTypes.IsNested(left))
        {
            Nested(a, b, bits, holds, validity, rows);
            return;
        }

        switch (((PrimitiveType)left).Name)
        {
            case "boolean":
                Booleans(a, b, bits, holds, validity, rows);
                break;
            case "byte":
                Loop<sbyte, PlainOrder<sbyte>>(a, b, bits, holds, rows);
                break;
            case "short":
                Loop<short, PlainOrder<short>>(a, b, bits, holds, rows);
                break;
            case "integer" or "date":
                Loop<int, PlainOrder<int>>(a, b, bits, holds, rows);
                break;
            case "long" or "timestamp" or "timestamp_ntz":
                Loop<long, PlainOrder<long>>(a, b, bits, holds, rows);
                break;
            case "float":
                Loop<float, FloatOrder<float>>(a, b, bits, holds, rows);
                break;
            case "double":
                Loop<double, FloatOrder<double>>(a, b, bits, holds, rows);
                break;
            default:
                Bytes(a, b, bits, holds, validity, rows);
                break;
        }
    }

    // Null rows are compared, too: their values mean nothing, but are there, and the loop has no branch for them.
    private static void Loop<T, TOrder>(SqlVector a, SqlVector b, byte[] bits, bool[] holds, int rows)
        where T : unmanaged
        where TOrder : IOrder<T>
    {
        ReadOnlySpan<T> x = a.Fixed<T>();
        ReadOnlySpan<T> y = b.Fixed<T>();
        (int xMask, int yMask) = (a.Mask, b.Mask);
        for (int row = 0; row < rows; row++)
        {
            if (holds[TOrder.Compare(x[row & xMask], y[row & yMask]) + 1])
            {
                Bitmaps.Set(bits, row);
            }
        }
    }

    private static void Decimals(int xScale, int yScale, SqlVector a, SqlVector b, byte[] bits, bool[] holds, byte[]? validity, int rows)
    {
        if (xScale == yScale)
        {
            Loop<Int128, PlainOrder<Int128>>(a, b, bits, holds, rows);
            return;
        }

        ReadOnlySpan<Int128> x = a.Fixed<Int128>();
        ReadOnlySpan<Int128> y = b.Fixed<Int128>();
        for (int row = 0; row < rows; row++)
        {
            if (Validity.IsValid(validity, row) && holds[DecimalMath.Compare(x[row & a.Mask], xScale, y[row & b.Mask], yScale) + 1])
            {
                Bitmaps.Set(bits, row);
            }
        }
    }

    private static void Booleans(SqlVector a, SqlVector b, byte[] bits, bool[] holds, byte[]? validity, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            if (Validity.IsValid(validity, row) && holds[(a.Bit(row) ? 1 : 0) - (b.Bit(row) ? 1 : 0) + 1])
            {
                Bitmaps.Set(bits, row);
            }
        }
    }

    private static void Bytes(SqlVector a, SqlVector b, byte[] bits, bool[] holds, byte[]? validity, int rows)
    {
        ReadOnlySpan<int> xOffsets = a.Offsets;
        ReadOnlySpan<int> yOffsets = b.Offsets;
        ReadOnlySpan<byte> xBytes = a.Bytes;
        ReadOnlySpan<byte> yBytes = b.Bytes;
        for (int row = 0; row < rows; row++)
        {
            if (!Validity.IsValid(validity, row))
            {
                continue;
            }

            (int i, int j) = (row & a.Mask, row & b.Mask);
            int order = xBytes[xOffsets[i]..xOffsets[i + 1]].SequenceCompareTo(yBytes[yOffsets[j]..yOffsets[j + 1]]);
            if (holds[Math.Sign(order) + 1])
            {
                Bitmaps.Set(bits, row);
            }
        }
    }
}
