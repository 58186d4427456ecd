using System.Numerics;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>
/// The exact sum of doubles (semantics 2.25): a fixed-point number that spans all doubles, in units of 2^-1074. Adding and taking away are exact, so the
/// result depends on the values only, never on their order; it is rounded once, when it is published. Special values are counted beside it.
/// </summary>
internal sealed class ExactSum
{
    private const int Limbs = 69;
    private const int LimbBits = 32;
    private const int UnitExponent = -1074;
    private const int MaxPending = 1 << 29;

    private readonly long[] _limbs = new long[Limbs];
    private int _pending;
    private long _nans;
    private long _positiveInfinities;
    private long _negativeInfinities;

    /// <param name="value">The value.</param>
    /// <param name="sign">+1 adds it, -1 takes it away.</param>
    public void Add(double value, int sign)
    {
        if (!double.IsFinite(value))
        {
            _nans += double.IsNaN(value) ? sign : 0;
            _positiveInfinities += double.IsPositiveInfinity(value) ? sign : 0;
            _negativeInfinities += double.IsNegativeInfinity(value) ? sign : 0;
            return;
        }

        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        ulong mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        mantissa |= exponent == 0 ? 0 : 1ul << 52;
        int shift = Math.Max(exponent, 1) - 1;
        UInt128 placed = (UInt128)mantissa << (shift % LimbBits);
        int limb = shift / LimbBits;
        long direction = (bits >> 63) == 0 ? sign : -sign;
        _limbs[limb] += direction * (long)(uint)placed;
        _limbs[limb + 1] += direction * (long)(uint)(placed >> 32);
        _limbs[limb + 2] += direction * (long)(uint)(placed >> 64);
        if (++_pending == MaxPending)
        {
            Normalize();
        }
    }

    /// <summary>The double nearest to the sum, ties to even.</summary>
    public double ToDouble()
    {
        if (_nans > 0 || (_positiveInfinities > 0 && _negativeInfinities > 0))
        {
            return double.NaN;
        }

        if (_positiveInfinities > 0 || _negativeInfinities > 0)
        {
            return _positiveInfinities > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        }

        BigInteger sum = ToInteger();
        BigInteger magnitude = BigInteger.Abs(sum);
        int excess = (int)Math.Max(0, (long)magnitude.GetBitLength() - 53);
        BigInteger mantissa = magnitude >> excess;
        if (excess > 0)
        {
            BigInteger rest = magnitude - (mantissa << excess);
            int half = rest.CompareTo(BigInteger.One << (excess - 1));
            mantissa += half > 0 || (half == 0 && !mantissa.IsEven) ? 1 : 0;
        }

        double rounded = Math.ScaleB((double)mantissa, excess + UnitExponent);
        return sum.Sign < 0 ? -rounded : rounded;
    }

    /// <summary>A compact form; equal sums of equal numbers of special values have equal bytes.</summary>
    public byte[] Serialize()
    {
        BigInteger sum = ToInteger();
        int zeroBytes = 0;
        while (!sum.IsZero && (sum & 0xFF).IsZero)
        {
            sum >>= 8;
            zeroBytes++;
        }

        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write7BitEncodedInt64(_nans);
        writer.Write7BitEncodedInt64(_positiveInfinities);
        writer.Write7BitEncodedInt64(_negativeInfinities);
        writer.Write7BitEncodedInt(zeroBytes);
        writer.Write(sum.ToByteArray());
        writer.Flush();
        return stream.ToArray();
    }

    public static ExactSum Deserialize(ReadOnlySpan<byte> bytes)
    {
        using MemoryStream stream = new(bytes.ToArray());
        using BinaryReader reader = new(stream);
        ExactSum sum = new()
        {
            _nans = reader.Read7BitEncodedInt64(),
            _positiveInfinities = reader.Read7BitEncodedInt64(),
            _negativeInfinities = reader.Read7BitEncodedInt64(),
        };
        int zeroBytes = reader.Read7BitEncodedInt();
        BigInteger value = new BigInteger(reader.ReadBytes((int)(stream.Length - stream.Position))) << (8 * zeroBytes);
        BigInteger rest = BigInteger.Abs(value);
        for (int i = 0; !rest.IsZero; i++)
        {
            sum._limbs[i] = value.Sign * (long)(uint)(rest & uint.MaxValue);
            rest >>= LimbBits;
        }

        return sum;
    }

    private void Normalize()
    {
        long carry = 0;
        for (int i = 0; i < Limbs - 1; i++)
        {
            long value = _limbs[i] + carry;
            carry = value >> LimbBits;
            _limbs[i] = value & uint.MaxValue;
        }

        _limbs[Limbs - 1] += carry;
        _pending = 0;
    }

    private BigInteger ToInteger()
    {
        Normalize();
        BigInteger sum = _limbs[Limbs - 1];
        for (int i = Limbs - 2; i >= 0; i--)
        {
            sum = (sum << LimbBits) + _limbs[i];
        }

        return sum;
    }
}
