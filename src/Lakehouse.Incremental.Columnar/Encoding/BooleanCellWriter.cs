using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Booleans as one byte, false before true.</summary>
internal sealed class BooleanCellWriter(ArrayData data) : CellWriter(data)
{
    private readonly ReadOnlyMemory<byte> _values = data.Buffers[1].Memory;

    public override int Size(int row) => 1;

    public override int Write(int row, Span<byte> target)
    {
        target[0] = Bitmaps.Get(_values.Span, Offset + row) ? (byte)1 : (byte)0;
        return 1;
    }
}
