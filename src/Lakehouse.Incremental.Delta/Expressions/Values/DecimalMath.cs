using System.Numerics;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>
/// Decimals as unscaled numbers: the result types of Spark (with its loss of scale where precision runs out) and exact arithmetic, rounded half up
/// where the result's scale asks for it.
/// </summary>
internal static class DecimalMath
{
    public const int MaxPrecision = 38;
    private const int LeastScaleKept = 6;
    private static readonly Int128 NarrowLimit = long.MaxValue;
    private static readonly BigInteger[] BigPowers = [.. Enumerable.Range(0, (3 * MaxPrecision) + 1).Select(static n => BigInteger.Pow(10, n))];
    private static readonly Int128[] Powers = [.. BigPowers.Take(MaxPrecision + 1).Select(static power => (Int128)power)];

    public static Int128 Power(int digits) => Powers[digits];

    /// <summary>The type of a sum, product, quotient or rest.</summary>
    public static DecimalType ResultOf(string operation, DecimalType a, DecimalType b)
    {
        (int p1, int s1, int p2, int s2) = (a.Precision, a.Scale, b.Precision, b.Scale);
        int most = Math.Max(s1, s2);
        return operation switch
        {
            "*" => Bounded(p1 + p2 + 1, s1 + s2),
            "/" => Bounded(p1 - s1 + s2 + Math.Max(LeastScaleKept, s1 + p2 + 1), Math.Max(LeastScaleKept, s1 + p2 + 1)),
            "%" => Bounded(Math.Min(p1 - s1, p2 - s2) + most, most),
            _ => Bounded(Math.Max(p1 - s1, p2 - s2) + most + 1, most),
        };
    }

    /// <summary>A type that holds the values of both, as far as there is one.</summary>
    public static DecimalType Common(DecimalType a, DecimalType b)
    {
        int scale = Math.Max(a.Scale, b.Scale);
        int range = Math.Max(a.Precision - a.Scale, b.Precision - b.Scale);
        return Bounded(range + scale, scale);
    }

    public static Int128? Add(Int128 a, int aScale, Int128 b, int bScale, DecimalType result)
    {
        int scale = Math.Max(aScale, bScale);
        if (IsNarrow(a) && IsNarrow(b) && scale - Math.Min(aScale, bScale) <= 18)
        {
            return Fit((a * Powers[scale - aScale]) + (b * Powers[scale - bScale]), scale, result);
        }

        return Fit((a * BigPowers[scale - aScale]) + (b * BigPowers[scale - bScale]), scale, result);
    }

    public static Int128? Multiply(Int128 a, int aScale, Int128 b, int bScale, DecimalType result) => IsNarrow(a) && IsNarrow(b)
        ? Fit(a * b, aScale + bScale, result)
        : Fit((BigInteger)a * b, aScale + bScale, result);

    /// <summary>The divisor is not zero.</summary>
    public static Int128? Divide(Int128 a, int aScale, Int128 b, int bScale, DecimalType result)
    {
        int digits = result.Scale + bScale - aScale;
        BigInteger dividend = a;
        BigInteger divisor = b;
        (dividend, divisor) = digits >= 0 ? (dividend * BigPowers[digits], divisor) : (dividend, divisor * BigPowers[-digits]);
        return Fit(DivideHalfUp(dividend, divisor), result.Scale, result);
    }

    /// <summary>The rest has the sign of the dividend. The divisor is not zero.</summary>
    public static Int128? Remainder(Int128 a, int aScale, Int128 b, int bScale, DecimalType result)
    {
        int scale = Math.Max(aScale, bScale);
        return Fit(BigInteger.Remainder(a * BigPowers[scale - aScale], b * BigPowers[scale - bScale]), scale, result);
    }

    /// <summary>The quotient without its fraction. The divisor is not zero.</summary>
    public static long? DivideWhole(Int128 a, int aScale, Int128 b, int bScale)
    {
        int scale = Math.Max(aScale, bScale);
        BigInteger quotient = BigInteger.Divide(a * BigPowers[scale - aScale], b * BigPowers[scale - bScale]);
        return quotient >= long.MinValue && quotient <= long.MaxValue ? (long)quotient : null;
    }

    public static int Compare(Int128 a, int aScale, Int128 b, int bScale)
    {
        if (aScale == bScale)
        {
            return a.CompareTo(b);
        }

        int scale = Math.Max(aScale, bScale);
        return (a * BigPowers[scale - aScale]).CompareTo(b * BigPowers[scale - bScale]);
    }

    /// <summary>The number at another type, rounded half up; null when it has too many digits.</summary>
    public static Int128? Fit(Int128 value, int scale, DecimalType type)
    {
        int digits = type.Scale - scale;
        if (digits == 0)
        {
            return Within(value, type);
        }

        if (digits < 0 && -digits <= MaxPrecision)
        {
            return Within(DivideHalfUp(value, Powers[-digits]), type);
        }

        return digits > 0 && IsNarrow(value) && digits <= 18 ? Within(value * Powers[digits], type) : Fit((BigInteger)value, scale, type);
    }

    /// <inheritdoc cref="Fit(Int128, int, DecimalType)"/>
    public static Int128? Fit(BigInteger value, int scale, DecimalType type)
    {
        int digits = type.Scale - scale;
        BigInteger scaled = digits == 0 ? value
            : digits > 0 ? value * BigInteger.Pow(10, digits)
            : DivideHalfUp(value, BigInteger.Pow(10, -digits));
        return BigInteger.Abs(scaled) < BigPowers[type.Precision] ? (Int128)scaled : null;
    }

    private static Int128 DivideHalfUp(Int128 value, Int128 divisor)
    {
        (Int128 quotient, Int128 rest) = Int128.DivRem(value, divisor);
        return Int128.Abs(rest) >= divisor - Int128.Abs(rest) ? quotient + (value < 0 ? -1 : 1) : quotient;
    }

    private static BigInteger DivideHalfUp(BigInteger value, BigInteger divisor)
    {
        BigInteger quotient = BigInteger.DivRem(value, divisor, out BigInteger rest);
        return BigInteger.Abs(rest) * 2 >= BigInteger.Abs(divisor) ? quotient + (value.Sign * divisor.Sign) : quotient;
    }

    private static Int128? Within(Int128 value, DecimalType type) => value < Powers[type.Precision] && value > -Powers[type.Precision] ? value : null;

    private static bool IsNarrow(Int128 value) => value <= NarrowLimit && value >= -NarrowLimit;

    // Where precision runs out digits of the fraction go first, down to six.
    private static DecimalType Bounded(int precision, int scale)
    {
        if (precision <= MaxPrecision)
        {
            return new DecimalType(precision, scale);
        }

        int whole = precision - scale;
        return new DecimalType(MaxPrecision, Math.Max(MaxPrecision - whole, Math.Min(scale, LeastScaleKept)));
    }
}
