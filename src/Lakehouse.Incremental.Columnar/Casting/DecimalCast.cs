using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Decimals of any width, and integers, to decimals of another precision and scale. A value that would be rounded or does not fit fails (semantics
/// 2.24).
/// </summary>
internal static class DecimalCast
{
    private const int MaxDigits = 38;

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, MaxDigits + 1).Select(exponent => (Int128)BigInteger.Pow(10, exponent))];

    public static bool IsDecimal(IArrowType type) => type is Decimal32Type or Decimal64Type or Decimal128Type or Decimal256Type;

    public static CastResult Cast(ArrayData source, Decimal128Type target) => source.DataType switch
    {
        Decimal32Type type => Cast<int>(source, type.Scale, target),
        Decimal64Type type => Cast<long>(source, type.Scale, target),
        Decimal128Type type => Cast<Int128>(source, type.Scale, target),
        Decimal256Type type => CastWide(source, type, target),
        Int8Type => Cast<sbyte>(source, 0, target),
        UInt8Type => Cast<byte>(source, 0, target),
        Int16Type => Cast<short>(source, 0, target),
        UInt16Type => Cast<ushort>(source, 0, target),
        Int32Type => Cast<int>(source, 0, target),
        UInt32Type => Cast<uint>(source, 0, target),
        UInt64Type => Cast<ulong>(source, 0, target),
        _ => Cast<long>(source, 0, target),
    };

    /// <summary>A decimal at another scale, if it is the same number and has no more digits than the precision allows.</summary>
    private static bool TryRescale(Int128 value, int fromScale, Decimal128Type target, out Int128 result)
    {
        result = value;
        int digits = target.Scale - fromScale;
        if (value != 0 && digits > 0)
        {
            // Whether the product fits is known before it is made, so it cannot overflow.
            Int128 limit = digits > target.Precision ? 1 : Powers[target.Precision - digits];
            if (value >= limit || value <= -limit)
            {
                return false;
            }

            result = value * Powers[digits];
            return true;
        }

        if (value != 0 && digits < 0)
        {
            if (-digits > MaxDigits)
            {
                return false;
            }

            (result, Int128 rest) = Int128.DivRem(value, Powers[-digits]);
            if (rest != 0)
            {
                return false;
            }
        }

        return result < Powers[target.Precision] && result > -Powers[target.Precision];
    }

    private static CastResult Cast<T>(ArrayData source, int scale, Decimal128Type target)
        where T : unmanaged, IBinaryInteger<T>
    {
        CastColumn<Int128> result = new(source);
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(source.Buffers[1].Span)[source.Offset..];
        Span<Int128> to = result.Values;
        for (int row = 0; row < to.Length; row++)
        {
            if (Bitmaps.Get(result.Valid, row) && !TryRescale(Int128.CreateTruncating(from[row]), scale, target, out to[row]))
            {
                result.Fail(row);
            }
        }

        return result.Build(target);
    }

    private static CastResult CastWide(ArrayData source, Decimal256Type type, Decimal128Type target)
    {
        CastColumn<Int128> result = new(source);
        ReadOnlySpan<byte> from = source.Buffers[1].Span;
        Span<Int128> to = result.Values;
        for (int row = 0; row < to.Length; row++)
        {
            if (!Bitmaps.Get(result.Valid, row))
            {
                continue;
            }

            ReadOnlySpan<byte> bytes = from.Slice((source.Offset + row) * type.ByteWidth, type.ByteWidth);
            if (!TryNarrow(new BigInteger(bytes), type.Scale, target, out to[row]))
            {
                result.Fail(row);
            }
        }

        return result.Build(target);
    }

    private static bool TryNarrow(BigInteger value, int fromScale, Decimal128Type target, out Int128 result)
    {
        result = 0;
        if (fromScale > target.Scale)
        {
            value = BigInteger.DivRem(value, BigInteger.Pow(10, fromScale - target.Scale), out BigInteger rest);
            fromScale = target.Scale;
            if (!rest.IsZero)
            {
                return false;
            }
        }

        BigInteger limit = BigInteger.Pow(10, MaxDigits);
        return value < limit && value > -limit && TryRescale((Int128)value, fromScale, target, out result);
    }
}
