using System.Numerics;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The exact sum of integers, or of decimals by their unscaled values. While it is small it stays in 128 bits.</summary>
internal sealed class IntegerSum
{
    private static readonly Int128 Limit = Int128.One << 125;

    private BigInteger _settled;
    private Int128 _recent;

    public IntegerSum(BigInteger value = default) => _settled = value;

    public BigInteger Value => _settled + _recent;

    /// <param name="value">The value.</param>
    /// <param name="sign">+1 adds it, -1 takes it away.</param>
    public void Add(Int128 value, int sign)
    {
        if (IsLarge(value) || IsLarge(_recent))
        {
            _settled += (BigInteger)_recent + ((BigInteger)value * sign);
            _recent = 0;
        }
        else
        {
            _recent += sign < 0 ? -value : value;
        }
    }

    private static bool IsLarge(Int128 value) => value >= Limit || value <= -Limit;
}
