using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Lists of any layout (plain, 64-bit offsets, fixed size) and maps as lists with 32-bit offsets.</summary>
internal static class ListLayout
{
    /// <summary>
    /// The data of a list array with offset 0, and with the elements of its rows only. The elements are those of the source, not yet copied: the
    /// caller casts them.
    /// </summary>
    public static ArrayData ToList(ArrayData data)
    {
        byte[] validity = CastColumn<byte>.Validity(data);
        int nulls = data.Length - Bitmaps.Count(validity);
        byte[] offsetBytes = new byte[checked((data.Length + 1) * sizeof(int))];
        Span<int> offsets = MemoryMarshal.Cast<byte, int>(offsetBytes.AsSpan());
        int first = data.Length == 0 ? 0 : data.DataType switch
        {
            FixedSizeListType type => FromFixedSize(data, type.ListSize, offsets),
            LargeListType => FromOffsets<long>(data, offsets),
            _ => FromOffsets<int>(data, offsets),
        };
        ArrayData elements = data.Children[0].Slice(first, offsets[^1]);
        ArrowBuffer[] buffers = [nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity), new ArrowBuffer(offsetBytes)];
        return new ArrayData(data.DataType, data.Length, nulls, 0, buffers, [elements]);
    }

    /// <summary>The rows of a list that hold one of the marked elements; null when there are none.</summary>
    public static bool[]? RowsWith(ArrayData list, bool[] elements)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(list.Buffers[1].Span);
        bool[] rows = new bool[list.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = !GatherKernel.IsNull(list, row) && elements.AsSpan(offsets[row], offsets[row + 1] - offsets[row]).Contains(true);
        }

        return rows.AsSpan().Contains(true) ? rows : null;
    }

    private static int FromFixedSize(ArrayData data, int size, Span<int> offsets)
    {
        for (int row = 0; row < offsets.Length; row++)
        {
            offsets[row] = checked(row * size);
        }

        return checked(data.Offset * size);
    }

    private static int FromOffsets<T>(ArrayData data, Span<int> offsets)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span).Slice(data.Offset, data.Length + 1);
        for (int row = 0; row < offsets.Length; row++)
        {
            offsets[row] = int.CreateChecked(from[row] - from[0]);
        }

        return int.CreateChecked(from[0]);
    }
}
