using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Strings and binary values of other layouts (64-bit offsets, views, fixed size) to the plain one with 32-bit offsets.</summary>
internal static class BytesCast
{
    public static CastResult Cast(IArrowArray source, IArrowType target)
    {
        ArrayData data = source.Data;
        byte[] validity = CastColumn<byte>.Validity(data);
        byte[] offsetBytes = new byte[checked((data.Length + 1) * sizeof(int))];
        Span<int> offsets = MemoryMarshal.Cast<byte, int>(offsetBytes.AsSpan());
        byte[] values = source switch
        {
            BinaryViewArray views => FromViews(views, validity, offsets),
            FixedSizeBinaryArray => FromFixedSize(data, ((FixedSizeBinaryType)data.DataType).ByteWidth, offsets),
            _ => FromLarge(data, offsets),
        };
        int nulls = data.Length - Bitmaps.Count(validity);
        ArrowBuffer[] buffers = [nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity), new ArrowBuffer(offsetBytes), new ArrowBuffer(values)];
        return new CastResult(ArrowArrayFactory.BuildArray(new ArrayData(target, data.Length, nulls, 0, buffers, [])), null);
    }

    private static byte[] FromLarge(ArrayData data, Span<int> offsets)
    {
        if (data.Length == 0)
        {
            return [];
        }

        ReadOnlySpan<long> from = MemoryMarshal.Cast<byte, long>(data.Buffers[1].Span).Slice(data.Offset, data.Length + 1);
        for (int row = 0; row < offsets.Length; row++)
        {
            offsets[row] = checked((int)(from[row] - from[0]));
        }

        return data.Buffers[2].Span.Slice(checked((int)from[0]), offsets[^1]).ToArray();
    }

    private static byte[] FromFixedSize(ArrayData data, int width, Span<int> offsets)
    {
        for (int row = 0; row < offsets.Length; row++)
        {
            offsets[row] = checked(row * width);
        }

        return data.Buffers[1].Span.Slice(checked(data.Offset * width), offsets[^1]).ToArray();
    }

    private static byte[] FromViews(BinaryViewArray array, ReadOnlySpan<byte> validity, Span<int> offsets)
    {
        ReadOnlySpan<BinaryView> views = MemoryMarshal.Cast<byte, BinaryView>(array.ViewsBuffer.Span).Slice(array.Offset, array.Length);
        for (int row = 0; row < views.Length; row++)
        {
            offsets[row + 1] = checked(offsets[row] + (Bitmaps.Get(validity, row) ? views[row].Length : 0));
        }

        byte[] values = new byte[offsets[^1]];
        for (int row = 0; row < views.Length; row++)
        {
            BinaryView view = views[row];
            int length = offsets[row + 1] - offsets[row];
            ReadOnlySpan<byte> value = view.IsInline || length == 0
                ? view.Bytes[..length]
                : array.DataBuffer(view.BufferIndex).Span.Slice(view.BufferOffset, length);
            value.CopyTo(values.AsSpan(offsets[row]));
        }

        return values;
    }
}
