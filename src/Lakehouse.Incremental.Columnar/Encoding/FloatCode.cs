using System.Buffers.Binary;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Floats so that bytes compare as values do: one zero, and one NaN above infinity (semantics 2.10).</summary>
internal readonly struct FloatCode : ICellCode<float>
{
    public static int Size => sizeof(float);

    public static void Write(float value, Span<byte> target)
    {
        uint bits = float.IsNaN(value) ? 0x7FC0_0000u : value == 0 ? 0 : BitConverter.SingleToUInt32Bits(value);
        BinaryPrimitives.WriteUInt32BigEndian(target, (bits & 0x8000_0000u) != 0 ? ~bits : bits | 0x8000_0000u);
    }
}
