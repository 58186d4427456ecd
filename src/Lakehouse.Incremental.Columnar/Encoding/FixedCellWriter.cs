using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Scalars of fixed width, big-endian with the sign flipped, so that bytes compare as values do. Floating-point numbers are canonical (semantics 2.10):
/// one zero, one NaN, above infinity.
/// </summary>
internal sealed class FixedCellWriter : CellWriter
{
    private readonly ReadOnlyMemory<byte> _values;
    private readonly ArrowTypeId _type;
    private readonly int _width;
    private readonly int _size;

    /// <param name="data">The array.</param>
    /// <param name="wide">Writes all integers in 8 bytes, and float as double, so that widening a column does not change the bytes.</param>
    public FixedCellWriter(ArrayData data, bool wide)
        : base(data)
    {
        _values = data.Buffers[1].Memory;
        _type = data.DataType.TypeId;
        _width = _type == ArrowTypeId.Boolean ? 1 : ((FixedWidthType)data.DataType).BitWidth / 8;
        bool widens = _type is ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Float;
        _size = wide && widens ? 8 : _width;
    }

    public override int Size(int row) => _size;

    public override int Write(int row, Span<byte> target)
    {
        ReadOnlySpan<byte> values = _values.Span;
        int index = Offset + row;
        switch (_type)
        {
            case ArrowTypeId.Boolean:
                target[0] = BitUtility.GetBit(values, index) ? (byte)1 : (byte)0;
                break;
            case ArrowTypeId.Float:
                WriteFloat(MemoryMarshal.Cast<byte, float>(values)[index], target);
                break;
            case ArrowTypeId.Double:
                WriteDouble(MemoryMarshal.Cast<byte, double>(values)[index], target);
                break;
            case ArrowTypeId.Decimal128:
                BinaryPrimitives.WriteInt128BigEndian(target, MemoryMarshal.Read<Int128>(values[(index * 16)..]));
                target[0] ^= 0x80;
                break;
            default:
                WriteInteger(ReadInteger(values, index), target);
                break;
        }

        return _size;
    }

    private long ReadInteger(ReadOnlySpan<byte> values, int index) => _width switch
    {
        1 => (sbyte)values[index],
        2 => MemoryMarshal.Cast<byte, short>(values)[index],
        4 => MemoryMarshal.Cast<byte, int>(values)[index],
        _ => MemoryMarshal.Cast<byte, long>(values)[index],
    };

    private void WriteInteger(long value, Span<byte> target)
    {
        switch (_size)
        {
            case 1: target[0] = (byte)value; break;
            case 2: BinaryPrimitives.WriteInt16BigEndian(target, (short)value); break;
            case 4: BinaryPrimitives.WriteInt32BigEndian(target, (int)value); break;
            default: BinaryPrimitives.WriteInt64BigEndian(target, value); break;
        }

        target[0] ^= 0x80;
    }

    private void WriteFloat(float value, Span<byte> target)
    {
        if (_size == 8)
        {
            WriteDouble(value, target);
            return;
        }

        uint bits = float.IsNaN(value) ? 0x7FC0_0000u : value == 0 ? 0 : BitConverter.SingleToUInt32Bits(value);
        BinaryPrimitives.WriteUInt32BigEndian(target, (bits & 0x8000_0000u) != 0 ? ~bits : bits | 0x8000_0000u);
    }

    private static void WriteDouble(double value, Span<byte> target)
    {
        ulong bits = double.IsNaN(value) ? 0x7FF8_0000_0000_0000ul : value == 0 ? 0 : BitConverter.DoubleToUInt64Bits(value);
        BinaryPrimitives.WriteUInt64BigEndian(target, (bits & 0x8000_0000_0000_0000ul) != 0 ? ~bits : bits | 0x8000_0000_0000_0000ul);
    }
}
