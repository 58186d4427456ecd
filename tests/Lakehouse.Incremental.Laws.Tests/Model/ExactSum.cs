using System.Numerics;

namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>Sums of floats without error, in whole numbers of the least double, rounded once: to nearest, ties to even (semantics 2.25).</summary>
internal static class ExactSum
{
    private const int UnitExponent = -1074;

    public static double OfDoubles(IEnumerable<double> values) => Of([.. values], 53, UnitExponent);

    public static float OfFloats(IEnumerable<float> values) => (float)Of([.. values.Select(v => (double)v)], 24, -149);

    private static double Of(double[] values, int precision, int leastExponent)
    {
        double special = values.Where(v => !double.IsFinite(v)).Sum();
        return special != 0 ? special : Round(values.Aggregate(BigInteger.Zero, (sum, v) => sum + Units(v)), precision, leastExponent);
    }

    private static BigInteger Units(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        BigInteger mantissa = (bits & 0xF_FFFF_FFFF_FFFF) | (exponent == 0 ? 0 : 1L << 52);
        return (mantissa << Math.Max(exponent - 1, 0)) * (bits < 0 ? -1 : 1);
    }

    private static double Round(BigInteger units, int precision, int leastExponent)
    {
        BigInteger magnitude = BigInteger.Abs(units);
        int dropped = Math.Max(Math.Max((int)magnitude.GetBitLength() - precision, leastExponent - UnitExponent), 0);
        BigInteger kept = magnitude >> dropped;
        BigInteger rest = magnitude - (kept << dropped);
        int toHalf = dropped == 0 ? -1 : rest.CompareTo(BigInteger.One << (dropped - 1));
        kept += toHalf > 0 || (toHalf == 0 && !kept.IsEven) ? 1 : 0;
        return Math.ScaleB((double)kept, dropped + UnitExponent) * units.Sign;
    }
}
