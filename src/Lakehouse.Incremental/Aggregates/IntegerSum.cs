using System.Numerics;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The exact sum of integers, or of decimals by their unscaled values. Small sums stay in 128 bits.</summary>
internal sealed class IntegerSum
{
    private static readonly Int128 Limit = Int128.One << 120;

    private BigInteger _high;
    private Int128 _low;

    public IntegerSum(BigInteger value = default) => _high = value;

    public BigInteger Value => _high + _low;

    /// <param name="value">The value, less than 2^127 in magnitude.</param>
    /// <param name="sign">+1 adds it, -1 takes it away.</param>
    public void Add(Int128 value, int sign)
    {
        if (Int128.Abs(value) >= Limit || Int128.Abs(_low) >= Limit)
        {
            _high += (BigInteger)_low + ((BigInteger)value * sign);
            _low = 0;
        }
        else
        {
            _low += value * sign;
        }
    }
}
