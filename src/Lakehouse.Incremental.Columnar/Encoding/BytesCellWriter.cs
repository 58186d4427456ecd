using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Strings and binary values.</summary>
internal sealed class BytesCellWriter<TCode>(ArrayData data) : CellWriter(data)
    where TCode : struct, IBytesCode
{
    private readonly ReadOnlyMemory<byte> _offsets = data.Buffers[1].Memory;
    private readonly ReadOnlyMemory<byte> _values = data.Buffers[2].Memory;

    private ReadOnlySpan<int> Offsets => MemoryMarshal.Cast<byte, int>(_offsets.Span)[Offset..];

    public override int Size(int row) => TCode.Size(Value(row));

    public override int Write(int row, Span<byte> target) => TCode.Write(Value(row), target);

    public override void AddSizes(int firstRow, Span<int> sizes)
    {
        ReadOnlySpan<int> offsets = Offsets.Slice(firstRow, sizes.Length + 1);
        ReadOnlySpan<byte> values = _values.Span;
        bool neverNull = NeverNull;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (neverNull || !IsNull(firstRow + i))
            {
                sizes[i] = checked(sizes[i] + TCode.Size(values[offsets[i]..offsets[i + 1]]));
            }
        }
    }

    public override void WriteColumn(int firstRow, Span<byte> target, Span<int> positions)
    {
        ReadOnlySpan<int> offsets = Offsets.Slice(firstRow, positions.Length + 1);
        ReadOnlySpan<byte> values = _values.Span;
        bool neverNull = NeverNull;
        for (int i = 0; i < positions.Length; i++)
        {
            if (neverNull || !IsNull(firstRow + i))
            {
                positions[i] += TCode.Write(values[offsets[i]..offsets[i + 1]], target[positions[i]..]);
            }
        }
    }

    private ReadOnlySpan<byte> Value(int row)
    {
        ReadOnlySpan<int> offsets = Offsets;
        return _values.Span[offsets[row]..offsets[row + 1]];
    }
}
