using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Lists as the number of elements and each element with its length, -1 for null.</summary>
internal class ListCellWriter(ArrayData data, CellWriter elements) : CellWriter(data)
{
    private readonly ReadOnlyMemory<byte> _offsets = data.Buffers[1].Memory;

    public override int Size(int row)
    {
        (int start, int end) = Range(row);
        int size = sizeof(int);
        for (int i = start; i < end; i++)
        {
            size = checked(size + sizeof(int) + (elements.IsNull(i) ? 0 : elements.Size(i)));
        }

        return size;
    }

    public override int Write(int row, Span<byte> target)
    {
        (int start, int end) = Range(row);
        BinaryPrimitives.WriteInt32BigEndian(target, end - start);
        return sizeof(int) + WriteElements(start, end, target[sizeof(int)..]);
    }

    /// <summary>Writes the elements of one list.</summary>
    protected virtual int WriteElements(int start, int end, Span<byte> target)
    {
        int written = 0;
        for (int i = start; i < end; i++)
        {
            written += WriteElement(i, target[written..]);
        }

        return written;
    }

    /// <summary>Writes one element with its length.</summary>
    protected int WriteElement(int index, Span<byte> target)
    {
        if (elements.IsNull(index))
        {
            BinaryPrimitives.WriteInt32BigEndian(target, -1);
            return sizeof(int);
        }

        int size = elements.Write(index, target[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(target, size);
        return sizeof(int) + size;
    }

    private (int Start, int End) Range(int row)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(_offsets.Span);
        return (offsets[Offset + row], offsets[Offset + row + 1]);
    }
}
