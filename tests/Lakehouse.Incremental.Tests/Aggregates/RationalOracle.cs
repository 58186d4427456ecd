using System.Numerics;

namespace Lakehouse.Incremental.Tests.Aggregates;

/// <summary>Sums as whole numbers of the least subnormal, rounded the slow and plain way.</summary>
internal static class RationalOracle
{
    private const int UnitExponent = -1074;

    /// <summary>A finite double in units of 2^-1074.</summary>
    public static BigInteger Units(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xF_FFFF_FFFF_FFFF) + (exponent == 0 ? 0 : 1L << 52);
        BigInteger units = mantissa << Math.Max(exponent - 1, 0);
        return bits < 0 ? -units : units;
    }

    public static double Sum(IEnumerable<double> values)
    {
        List<double> all = [.. values];
        bool up = all.Contains(double.PositiveInfinity);
        bool down = all.Contains(double.NegativeInfinity);
        if (all.Exists(double.IsNaN) || (up && down))
        {
            return double.NaN;
        }

        return up ? double.PositiveInfinity : down ? double.NegativeInfinity
            : Nearest(all.Aggregate(BigInteger.Zero, (sum, v) => sum + Units(v)));
    }

    /// <summary>The nearest double, by bisection over all of them; ties to the even one, infinity beyond half a step above the greatest.</summary>
    public static double Nearest(BigInteger units)
    {
        if (units.Sign < 0)
        {
            return -Nearest(-units);
        }

        BigInteger beyond = (BigInteger.One << (1024 - UnitExponent)) - (BigInteger.One << (970 - UnitExponent));
        if (units >= beyond)
        {
            return double.PositiveInfinity;
        }

        long low = 0;
        long high = BitConverter.DoubleToInt64Bits(double.MaxValue);
        while (low < high)
        {
            long middle = low + ((high - low + 1) / 2);
            (low, high) = Units(BitConverter.Int64BitsToDouble(middle)) <= units ? (middle, high) : (low, middle - 1);
        }

        double below = BitConverter.Int64BitsToDouble(low);
        double above = BitConverter.Int64BitsToDouble(low + 1);
        if (double.IsInfinity(above))
        {
            return below;
        }

        int nearer = (units - Units(below)).CompareTo(Units(above) - units);
        return nearer < 0 || (nearer == 0 && low % 2 == 0) ? below : above;
    }

    /// <summary>The nearest float, found the same way.</summary>
    public static float NearestSingle(BigInteger units)
    {
        if (units.Sign < 0)
        {
            return -NearestSingle(-units);
        }

        BigInteger beyond = (BigInteger.One << (128 - UnitExponent)) - (BigInteger.One << (103 - UnitExponent));
        if (units >= beyond)
        {
            return float.PositiveInfinity;
        }

        int low = 0;
        int high = BitConverter.SingleToInt32Bits(float.MaxValue);
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            (low, high) = Units(BitConverter.Int32BitsToSingle(middle)) <= units ? (middle, high) : (low, middle - 1);
        }

        float below = BitConverter.Int32BitsToSingle(low);
        float above = BitConverter.Int32BitsToSingle(low + 1);
        if (float.IsInfinity(above))
        {
            return below;
        }

        int nearer = (units - Units(below)).CompareTo(Units(above) - units);
        return nearer < 0 || (nearer == 0 && low % 2 == 0) ? below : above;
    }
}
