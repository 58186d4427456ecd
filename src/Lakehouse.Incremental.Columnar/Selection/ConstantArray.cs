using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>An array that holds one value in every row.</summary>
internal static class ConstantArray
{
    /// <param name="type">A canonical scalar type; any type for null.</param>
    /// <param name="value">The value as the CLR type of the Arrow type; an unscaled <see cref="BigInteger"/> or <see cref="Int128"/> for decimals,
    /// days for dates, microseconds for timestamps; null for nulls.</param>
    /// <param name="length">Number of rows.</param>
    public static IArrowArray Create(IArrowType type, object? value, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return (type, value) switch
        {
            (_, null) => NullArrays.Create(type, length),
            (BooleanType, bool v) => Boolean(v, length),
            (StringType, string v) => Variable(type, Encoding.UTF8.GetBytes(v), length),
            (BinaryType, byte[] v) => Variable(type, v, length),
            (Int8Type, sbyte v) => Fixed(type, v, length),
            (Int16Type, short v) => Fixed(type, v, length),
            (Int32Type or Date32Type, int v) => Fixed(type, v, length),
            (Int64Type or TimestampType, long v) => Fixed(type, v, length),
            (FloatType, float v) => Fixed(type, v, length),
            (DoubleType, double v) => Fixed(type, v, length),
            (Decimal128Type, Int128 v) => Fixed(type, v, length),
            (Decimal128Type, BigInteger v) => Fixed(type, (Int128)v, length),
            _ => throw new ArgumentException($"{value.GetType().Name} is not a value of {type.Name}.", nameof(value)),
        };
    }

    private static unsafe IArrowArray Fixed<T>(IArrowType type, T value, int length)
        where T : unmanaged
    {
        byte[] bytes = new byte[checked(length * sizeof(T))];
        MemoryMarshal.Cast<byte, T>(bytes.AsSpan()).Fill(value);
        return Build(type, length, new ArrowBuffer(bytes));
    }

    private static IArrowArray Boolean(bool value, int length)
    {
        byte[] bits = new byte[Bitmaps.Bytes(length)];
        if (value)
        {
            Bitmaps.SetRange(bits, 0, length);
        }

        return Build(BooleanType.Default, length, new ArrowBuffer(bits));
    }

    private static IArrowArray Variable(IArrowType type, byte[] value, int length)
    {
        byte[] offsetBytes = new byte[checked((length + 1) * sizeof(int))];
        Span<int> offsets = MemoryMarshal.Cast<byte, int>(offsetBytes.AsSpan());
        byte[] values = new byte[checked(length * value.Length)];
        for (int row = 0; row < length; row++)
        {
            value.CopyTo(values.AsSpan(offsets[row]));
            offsets[row + 1] = offsets[row] + value.Length;
        }

        return Build(type, length, new ArrowBuffer(offsetBytes), new ArrowBuffer(values));
    }

    private static IArrowArray Build(IArrowType type, int length, params ReadOnlySpan<ArrowBuffer> values) =>
        ArrowArrayFactory.BuildArray(new ArrayData(type, length, 0, 0, [ArrowBuffer.Empty, .. values], []));
}
