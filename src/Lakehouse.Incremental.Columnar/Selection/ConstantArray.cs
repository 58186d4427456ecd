using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>An array that holds one value in every row.</summary>
internal static class ConstantArray
{
    /// <param name="type">A canonical scalar type.</param>
    /// <param name="value">The value as the CLR type of the Arrow type; an unscaled <see cref="BigInteger"/> or <see cref="Int128"/> for decimals, days for
    /// dates, microseconds for timestamps; null for nulls.</param>
    /// <param name="length">Number of rows.</param>
    public static IArrowArray Create(IArrowType type, object? value, int length)
    {
        if (value is null)
        {
            return NullArrays.Create(type, length);
        }

        int[] rows = new int[length];
        return TakeKernel.Take(One(type, value), rows);
    }

    private static IArrowArray One(IArrowType type, object value)
    {
        if (type is StringType)
        {
            return new StringArray.Builder().Append((string)value).Build();
        }

        if (type is BinaryType)
        {
            return new BinaryArray.Builder().Append((byte[])value).Build();
        }

        if (type is BooleanType)
        {
            return new BooleanArray.Builder().Append((bool)value).Build();
        }

        byte[] bytes = value switch
        {
            sbyte v => [unchecked((byte)v)],
            short v => BitConverter.GetBytes(v),
            int v => BitConverter.GetBytes(v),
            long v => BitConverter.GetBytes(v),
            float v => BitConverter.GetBytes(v),
            double v => BitConverter.GetBytes(v),
            Int128 v => BitConverter.GetBytes(v),
            BigInteger v => BitConverter.GetBytes((Int128)v),
            _ => throw new ArgumentException($"{value.GetType().Name} is not a value of {type.Name}.", nameof(value)),
        };
        if (type is not FixedWidthType width || width.BitWidth / 8 != bytes.Length)
        {
            throw new ArgumentException($"{value.GetType().Name} is not a value of {type.Name}.", nameof(value));
        }

        return ArrowArrayFactory.BuildArray(new ArrayData(type, 1, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(bytes)], []));
    }
}
