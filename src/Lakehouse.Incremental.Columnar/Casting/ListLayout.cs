using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Lists of other layouts (large, fixed size) or with elements of other layouts, and maps, as lists with 32-bit offsets.</summary>
internal static class ListLayout
{
    /// <summary>The data of a list array with offset 0, in managed memory but for the elements of other layouts, which the caller casts.</summary>
    public static ArrayData ToList(IArrowArray source)
    {
        ArrayData data = source.Data;
        if (IsCanonical(data.DataType))
        {
            return ManagedCopy.Copy(source).Data;
        }

        int[] offsets = new int[data.Length + 1];
        int first = 0;
        byte[] validity = new byte[(data.Length + 7) / 8];
        int nulls = 0;
        for (int row = 0; row < data.Length; row++)
        {
            (int start, int end) = Range(data, row);
            first = row == 0 ? start : first;
            bool isNull = source.IsNull(row);
            nulls += isNull ? 1 : 0;
            BitUtility.SetBit(validity, row, !isNull);
            offsets[row + 1] = end - first;
        }

        ArrayData elements = data.Children[0].Slice(first, offsets[^1]);
        ArrowBuffer[] buffers = [nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity), new ArrowBuffer(MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray())];
        return new ArrayData(data.DataType, data.Length, nulls, 0, buffers, [elements]);
    }

    /// <summary>The rows of a list that hold one of the marked elements.</summary>
    public static bool[]? RowsWith(ArrayData list, bool[] elements)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(list.Buffers[1].Span);
        bool[] rows = new bool[list.Length];
        bool any = false;
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = !GatherKernel.IsNull(list, row) && elements.AsSpan(offsets[row], offsets[row + 1] - offsets[row]).Contains(true);
            any |= rows[row];
        }

        return any ? rows : null;
    }

    private static (int Start, int End) Range(ArrayData data, int row)
    {
        int index = data.Offset + row;
        switch (data.DataType)
        {
            case FixedSizeListType fixedSize:
                return (index * fixedSize.ListSize, (index + 1) * fixedSize.ListSize);
            case LargeListType:
                ReadOnlySpan<long> large = MemoryMarshal.Cast<byte, long>(data.Buffers[1].Span);
                return (checked((int)large[index]), checked((int)large[index + 1]));
            default:
                ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
                return (offsets[index], offsets[index + 1]);
        }
    }

    private static bool IsCanonical(IArrowType type) => type switch
    {
        ListType list => IsCanonical(list.ValueDataType),
        StructType composite => composite.Fields.All(f => IsCanonical(f.DataType)),
        MapType map => IsCanonical(map.Fields[0].DataType),
        DictionaryType => false,
        FixedWidthType or StringType or BinaryType or NullType => true,
        _ => false,
    };
}
