using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Strings and binary values as they are.</summary>
internal sealed class BytesCellWriter(ArrayData data) : CellWriter(data)
{
    private readonly ReadOnlyMemory<byte> _offsets = data.Buffers[1].Memory;
    private readonly ReadOnlyMemory<byte> _values = data.Buffers[2].Memory;

    public override int Size(int row) => Value(row).Length;

    public override int Write(int row, Span<byte> target)
    {
        ReadOnlySpan<byte> value = Value(row);
        value.CopyTo(target);
        return value.Length;
    }

    private ReadOnlySpan<byte> Value(int row)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(_offsets.Span);
        return _values.Span[offsets[Offset + row]..offsets[Offset + row + 1]];
    }
}
