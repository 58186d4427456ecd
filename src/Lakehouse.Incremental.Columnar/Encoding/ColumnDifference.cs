using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Finds rows in which two arrays of one type differ by canonical value (semantics 2.10): what digests of the rows would tell, without making them. Two
/// nulls are equal.
/// </summary>
internal static class ColumnDifference
{
    /// <param name="left">One array.</param>
    /// <param name="leftRows">Its rows.</param>
    /// <param name="right">The other, of the same type.</param>
    /// <param name="rightRows">Its row for each row of the first.</param>
    /// <param name="differs">Is set where the two differ; rows that are set already are not looked at.</param>
    public static void Mark(
        IArrowArray left, ReadOnlySpan<int> leftRows, IArrowArray right, ReadOnlySpan<int> rightRows, Span<bool> differs)
    {
        ArrowLayouts.Require(left.Data.DataType, right.Data.DataType);
        MarkNulls(left.Data, leftRows, right.Data, rightRows, differs);
        switch (left.Data.DataType)
        {
            case NullType:
                break;
            case FloatType or DoubleType or NestedType:
                MarkCells(left.Data, leftRows, right.Data, rightRows, differs);
                break;
            case BooleanType:
                MarkBits(left.Data, leftRows, right.Data, rightRows, differs);
                break;
            case StringType or BinaryType:
                MarkBytes(left.Data, leftRows, right.Data, rightRows, differs);
                break;
            case FixedWidthType fixedWidth:
                MarkFixed(fixedWidth.BitWidth / 8, left.Data, leftRows, right.Data, rightRows, differs);
                break;
            default:
                throw new ArgumentException($"Arrays of type {left.Data.DataType.Name} are not canonical; cast them first.", nameof(left));
        }

        GC.KeepAlive(left);
        GC.KeepAlive(right);
    }

    private static void MarkNulls(ArrayData left, ReadOnlySpan<int> leftRows, ArrayData right, ReadOnlySpan<int> rightRows, Span<bool> differs)
    {
        if (!GatherKernel.HasValidity(left) && !GatherKernel.HasValidity(right))
        {
            return;
        }

        for (int i = 0; i < differs.Length; i++)
        {
            differs[i] |= GatherKernel.IsNull(left, leftRows[i]) != GatherKernel.IsNull(right, rightRows[i]);
        }
    }

    private static void MarkFixed(
        int width, ArrayData left, ReadOnlySpan<int> leftRows, ArrayData right, ReadOnlySpan<int> rightRows, Span<bool> differs)
    {
        switch (width)
        {
            case 1:
                MarkFixed<byte>(left, leftRows, right, rightRows, differs);
                break;
            case 2:
                MarkFixed<ushort>(left, leftRows, right, rightRows, differs);
                break;
            case 4:
                MarkFixed<uint>(left, leftRows, right, rightRows, differs);
                break;
            case 8:
                MarkFixed<ulong>(left, leftRows, right, rightRows, differs);
                break;
            default:
                MarkFixed<UInt128>(left, leftRows, right, rightRows, differs);
                break;
        }
    }

    // What lies below a null is not its value.
    private static void MarkFixed<T>(ArrayData left, ReadOnlySpan<int> leftRows, ArrayData right, ReadOnlySpan<int> rightRows, Span<bool> differs)
        where T : unmanaged, IEquatable<T>
    {
        ReadOnlySpan<T> a = MemoryMarshal.Cast<byte, T>(left.Buffers[1].Span)[left.Offset..];
        ReadOnlySpan<T> b = MemoryMarshal.Cast<byte, T>(right.Buffers[1].Span)[right.Offset..];
        bool nulls = GatherKernel.HasValidity(left);
        for (int i = 0; i < differs.Length; i++)
        {
            differs[i] |= !a[leftRows[i]].Equals(b[rightRows[i]]) && !(nulls && GatherKernel.IsNull(left, leftRows[i]));
        }
    }

    private static void MarkBits(ArrayData left, ReadOnlySpan<int> leftRows, ArrayData right, ReadOnlySpan<int> rightRows, Span<bool> differs)
    {
        ReadOnlySpan<byte> a = left.Buffers[1].Span;
        ReadOnlySpan<byte> b = right.Buffers[1].Span;
        for (int i = 0; i < differs.Length; i++)
        {
            differs[i] |= !GatherKernel.IsNull(left, leftRows[i])
                && Bitmaps.Get(a, left.Offset + leftRows[i]) != Bitmaps.Get(b, right.Offset + rightRows[i]);
        }
    }

    private static void MarkBytes(ArrayData left, ReadOnlySpan<int> leftRows, ArrayData right, ReadOnlySpan<int> rightRows, Span<bool> differs)
    {
        ReadOnlySpan<int> aOffsets = MemoryMarshal.Cast<byte, int>(left.Buffers[1].Span)[left.Offset..];
        ReadOnlySpan<int> bOffsets = MemoryMarshal.Cast<byte, int>(right.Buffers[1].Span)[right.Offset..];
        ReadOnlySpan<byte> a = left.Buffers[2].Span;
        ReadOnlySpan<byte> b = right.Buffers[2].Span;
        for (int i = 0; i < differs.Length; i++)
        {
            if (!differs[i] && !GatherKernel.IsNull(left, leftRows[i]))
            {
                differs[i] = !a[aOffsets[leftRows[i]]..aOffsets[leftRows[i] + 1]].SequenceEqual(b[bOffsets[rightRows[i]]..bOffsets[rightRows[i] + 1]]);
            }
        }
    }

    // Values with several forms, and nested ones, by their canonical bytes.
    private static void MarkCells(ArrayData left, ReadOnlySpan<int> leftRows, ArrayData right, ReadOnlySpan<int> rightRows, Span<bool> differs)
    {
        CellWriter a = CellWriters.Canonical(left, DigestDomain.Data);
        CellWriter b = CellWriters.Canonical(right, DigestDomain.Data);
        byte[] aBytes = [];
        byte[] bBytes = [];
        for (int i = 0; i < differs.Length; i++)
        {
            if (!differs[i] && !a.IsNull(leftRows[i]))
            {
                differs[i] = !Bytes(a, leftRows[i], ref aBytes).SequenceEqual(Bytes(b, rightRows[i], ref bBytes));
            }
        }
    }

    private static ReadOnlySpan<byte> Bytes(CellWriter cells, int row, ref byte[] buffer)
    {
        int size = cells.Size(row);
        if (buffer.Length < size)
        {
            buffer = new byte[Math.Max(size, 2 * buffer.Length)];
        }

        return buffer.AsSpan(0, cells.Write(row, buffer));
    }
}
