using System.Buffers.Binary;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Doubles, and floats widened to doubles, so that bytes compare as values do: one zero, and one NaN above infinity (semantics 2.10).
/// </summary>
internal readonly struct DoubleCode : ICellCode<double>, ICellCode<float>
{
    public static int Size => sizeof(double);

    public static void Write(double value, Span<byte> target)
    {
        ulong bits = double.IsNaN(value) ? 0x7FF8_0000_0000_0000ul : value == 0 ? 0 : BitConverter.DoubleToUInt64Bits(value);
        BinaryPrimitives.WriteUInt64BigEndian(target, (bits & 0x8000_0000_0000_0000ul) != 0 ? ~bits : bits | 0x8000_0000_0000_0000ul);
    }

    public static void Write(float value, Span<byte> target) => Write((double)value, target);
}
