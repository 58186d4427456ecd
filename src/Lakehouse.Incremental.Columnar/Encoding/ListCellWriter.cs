using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Lists as the number of elements and each element with its length, -1 for null. The entries of a map are sorted by their bytes, which begin with the
/// key, since the order of a map's entries carries no meaning.
/// </summary>
internal sealed class ListCellWriter(ArrayData data, CellWriter elements, bool sorted) : CellWriter(data)
{
    private readonly ReadOnlyMemory<byte> _offsets = data.Buffers[1].Memory;

    public override int Size(int row)
    {
        (int start, int end) = Range(row);
        int size = 4;
        for (int i = start; i < end; i++)
        {
            size += 4 + (elements.IsNull(i) ? 0 : elements.Size(i));
        }

        return size;
    }

    public override int Write(int row, Span<byte> target)
    {
        (int start, int end) = Range(row);
        BinaryPrimitives.WriteInt32BigEndian(target, end - start);
        int written = 4;
        if (!sorted)
        {
            for (int i = start; i < end; i++)
            {
                written += WriteElement(i, target[written..]);
            }

            return written;
        }

        List<byte[]> entries = [];
        for (int i = start; i < end; i++)
        {
            byte[] entry = new byte[4 + elements.Size(i)];
            WriteElement(i, entry);
            entries.Add(entry);
        }

        entries.Sort((a, b) => a.AsSpan(4).SequenceCompareTo(b.AsSpan(4)));
        foreach (byte[] entry in entries)
        {
            entry.CopyTo(target[written..]);
            written += entry.Length;
        }

        return written;
    }

    private int WriteElement(int index, Span<byte> target)
    {
        if (elements.IsNull(index))
        {
            BinaryPrimitives.WriteInt32BigEndian(target, -1);
            return 4;
        }

        int size = elements.Write(index, target[4..]);
        BinaryPrimitives.WriteInt32BigEndian(target, size);
        return 4 + size;
    }

    private (int Start, int End) Range(int row)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(_offsets.Span);
        return (offsets[Offset + row], offsets[Offset + row + 1]);
    }
}
