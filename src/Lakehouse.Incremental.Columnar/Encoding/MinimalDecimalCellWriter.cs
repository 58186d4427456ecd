using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Decimals at their least scale, so that a column's growing scale does not change the bytes (semantics 2.20).</summary>
internal sealed class MinimalDecimalCellWriter(ArrayData data) : CellWriter(data)
{
    private const int Bytes = sizeof(int) + 16;

    private readonly ReadOnlyMemory<byte> _values = data.Buffers[1].Memory;
    private readonly int _scale = ((Decimal128Type)data.DataType).Scale;

    public override int Size(int row) => Bytes;

    public override int Write(int row, Span<byte> target)
    {
        Int128 value = MemoryMarshal.Read<Int128>(_values.Span[((Offset + row) * 16)..]);
        int scale = value == 0 ? 0 : _scale;
        while (scale > 0 && value % 10 == 0)
        {
            value /= 10;
            scale--;
        }

        BinaryPrimitives.WriteInt32BigEndian(target, scale);
        BinaryPrimitives.WriteInt128BigEndian(target[sizeof(int)..], value);
        return Bytes;
    }
}
