using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Strings and binary values so that bytes compare as values do and a value ends by itself: 00 becomes 00 FF, and 00 00 ends it.</summary>
internal sealed class EscapedCellWriter(ArrayData data) : CellWriter(data)
{
    private readonly ReadOnlyMemory<byte> _offsets = data.Buffers[1].Memory;
    private readonly ReadOnlyMemory<byte> _values = data.Buffers[2].Memory;

    public override int Size(int row)
    {
        ReadOnlySpan<byte> value = Value(row);
        return value.Length + value.Count((byte)0) + 2;
    }

    public override int Write(int row, Span<byte> target)
    {
        int written = 0;
        ReadOnlySpan<byte> value = Value(row);
        for (int zero; (zero = value.IndexOf((byte)0)) >= 0; value = value[(zero + 1)..])
        {
            value[..zero].CopyTo(target[written..]);
            written += zero;
            target[written++] = 0;
            target[written++] = 0xFF;
        }

        value.CopyTo(target[written..]);
        written += value.Length;
        target[written++] = 0;
        target[written++] = 0;
        return written;
    }

    private ReadOnlySpan<byte> Value(int row)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(_offsets.Span);
        return _values.Span[offsets[Offset + row]..offsets[Offset + row + 1]];
    }
}
