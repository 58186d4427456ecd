using System.Buffers.Binary;
using System.Numerics;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>
/// The exact sum of doubles (semantics 2.25): a fixed-point number in units of 2^-1074 that spans all of them; only the occupied part is held.
/// Adding and taking away are exact, so the sum depends on the values only, never on their order; it is rounded once, when it is published. NaNs
/// and infinities are counted beside it.
/// </summary>
internal sealed class ExactSum
{
    private const int DigitBits = 32;
    private const int UnitExponent = -1074;
    private const int MaxPending = 1 << 29;
    private const int GrowthDigits = 2;

    private const byte NegativeFlag = 1;
    private const byte SpecialFlag = 2;

    // All of the doubles' range, 2098 bits, and 110 bits more: no count of summands that a long can hold overflows it.
    private const int MaxDigits = 69;

    private const int MagnitudeDigits = MaxDigits + 1;

    // Flags, three counts of at most ten bytes, and at worst a run of two small numbers for every other digit.
    private const int MaxSerialized = 1 + (3 * 10) + (MaxDigits * (sizeof(uint) + 2));

    // Signed digits of weight 2^(32 (_first + i)). Carries wait until they could overflow a digit.
    private long[] _digits = [];
    private int _first;
    private int _pending;
    private long _nans;
    private long _positiveInfinities;
    private long _negativeInfinities;

    /// <summary>True when a NaN or an infinity was taken away more often than it was added.</summary>
    public bool IsUnderflown => (_nans | _positiveInfinities | _negativeInfinities) < 0;

    /// <summary>True when nothing is left of what was added.</summary>
    public bool IsZero
    {
        get
        {
            Span<uint> magnitude = stackalloc uint[MagnitudeDigits];
            Magnitude(ref magnitude);
            return (_nans | _positiveInfinities | _negativeInfinities) == 0 && !magnitude.ContainsAnyExcept(0u);
        }
    }

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
        if (exponent != 0)
        {
            mantissa |= 1UL << 52;
            exponent--;
        }

        if (mantissa == 0)
        {
            return;
        }

        UInt128 placed = (UInt128)mantissa << (exponent % DigitBits);
        Span<long> digits = Window(exponent / DigitBits);
        long direction = (bits >> 63) == 0 ? sign : -sign;
        digits[0] += direction * (uint)placed;
        digits[1] += direction * (uint)(placed >> DigitBits);
        digits[2] += direction * (uint)(placed >> (2 * DigitBits));
        if (++_pending == MaxPending)
        {
            Normalize();
        }
    }

    /// <summary>The double nearest to the sum, ties to even.</summary>
    public double ToDouble() => Round(precision: 53, leastExponent: UnitExponent);

    /// <summary>The float nearest to the sum, ties to even; not by way of a double, which would round twice.</summary>
    public float ToSingle() => (float)Round(precision: 24, leastExponent: -149);

    /// <summary>A compact form: runs of digits that are not zero. Sums of equal multisets have equal bytes.</summary>
    public byte[] Serialize()
    {
        bool negative = Normalize();
        bool special = (_nans | _positiveInfinities | _negativeInfinities) != 0;
        Span<byte> bytes = stackalloc byte[MaxSerialized];
        bytes[0] = (byte)((negative ? NegativeFlag : 0) | (special ? SpecialFlag : 0));
        int size = 1;
        if (special)
        {
            size += WriteVariable(bytes[size..], (ulong)_nans);
            size += WriteVariable(bytes[size..], (ulong)_positiveInfinities);
            size += WriteVariable(bytes[size..], (ulong)_negativeInfinities);
        }

        int written = -_first;
        for (int i = 0; i < _digits.Length; i++)
        {
            int length = _digits.AsSpan(i).IndexOf(0);
            length = length < 0 ? _digits.Length - i : length;
            if (length == 0)
            {
                continue;
            }

            size += WriteVariable(bytes[size..], (ulong)(i - written));
            size += WriteVariable(bytes[size..], (ulong)length);
            foreach (long digit in _digits.AsSpan(i, length))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[size..], (uint)Math.Abs(digit));
                size += sizeof(uint);
            }

            i += length;
            written = i;
        }

        return bytes[..size].ToArray();
    }

    /// <exception cref="CorruptTableException">These bytes were not written by <see cref="Serialize"/>.</exception>
    public static ExactSum Deserialize(ReadOnlySpan<byte> bytes)
    {
        using MemoryStream stream = new(bytes.ToArray());
        using BinaryReader reader = new(stream);
        try
        {
            byte flags = reader.ReadByte();
            ExactSum sum = new();
            if ((flags & SpecialFlag) != 0)
            {
                sum._nans = reader.Read7BitEncodedInt64();
                sum._positiveInfinities = reader.Read7BitEncodedInt64();
                sum._negativeInfinities = reader.Read7BitEncodedInt64();
            }

            long sign = (flags & NegativeFlag) != 0 ? -1 : 1;
            int position = 0;
            while (stream.Position < stream.Length)
            {
                position = checked(position + reader.Read7BitEncodedInt());
                for (int length = reader.Read7BitEncodedInt(); length > 0; length--)
                {
                    sum.Set(position++, sign * reader.ReadUInt32());
                }
            }

            return sum;
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or OverflowException or ArgumentException)
        {
            throw new CorruptTableException(ErrorCodes.CorruptFile, "The stored sum of a group cannot be read.", error);
        }
    }

    private void Set(int position, long digit)
    {
        if (position is < 0 or >= MaxDigits)
        {
            throw new FormatException("A digit is out of range.");
        }

        int window = Math.Min(position, MaxDigits - 3);
        Window(window)[position - window] = digit;
    }

    /// <summary>Three digits from a position on; what is held grows to include them.</summary>
    private Span<long> Window(int position)
    {
        if (_digits.Length == 0)
        {
            _first = position;
            _digits = new long[3];
        }
        else if (position < _first || position + 3 > _first + _digits.Length)
        {
            int first = position < _first ? Math.Max(position - GrowthDigits, 0) : _first;
            int held = _first + _digits.Length;
            int end = position + 3 > held ? Math.Min(position + 3 + GrowthDigits, MaxDigits) : held;
            long[] grown = new long[end - first];
            _digits.CopyTo(grown, _first - first);
            (_digits, _first) = (grown, first);
        }

        return _digits.AsSpan(position - _first, 3);
    }

    /// <summary>Settles the carries: all digits get the sign of the sum and a magnitude below 2^32, which is unique.</summary>
    /// <returns>Whether the sum is negative.</returns>
    private bool Normalize()
    {
        Span<uint> magnitude = stackalloc uint[MagnitudeDigits];
        bool negative = Magnitude(ref magnitude);
        int used = magnitude.LastIndexOfAnyExcept(0u) + 1;
        int first = _first;
        if (used > _digits.Length)
        {
            Window(first + used - 3);
        }

        Array.Clear(_digits);
        for (int i = 0; i < used; i++)
        {
            _digits[first - _first + i] = negative ? -(long)magnitude[i] : magnitude[i];
        }

        _pending = 0;
        return negative;
    }

    /// <summary>The magnitude of the sum in plain digits, the least first and of the weight of the first one held.</summary>
    /// <param name="digits">Space for <see cref="MagnitudeDigits"/>, cut to what is used.</param>
    /// <returns>Whether the sum is negative.</returns>
    private bool Magnitude(ref Span<uint> digits)
    {
        // A carry out of the last digit fits one more; above that there is only the sign.
        digits = digits[..(_digits.Length + 1)];
        long carry = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            long value = carry + (i < _digits.Length ? _digits[i] : 0);
            digits[i] = unchecked((uint)value);
            carry = value >> DigitBits;
        }

        if (carry >= 0)
        {
            return false;
        }

        // Two's complement: negate.
        ulong add = 1;
        foreach (ref uint digit in digits)
        {
            add += ~digit;
            digit = unchecked((uint)add);
            add >>= DigitBits;
        }

        return true;
    }

    /// <summary>The nearest value of a binary format, ties to even, as a double, which holds the values of all formats in question.</summary>
    private double Round(int precision, int leastExponent)
    {
        if (_nans > 0 || (_positiveInfinities > 0 && _negativeInfinities > 0))
        {
            return double.NaN;
        }

        if (_positiveInfinities > 0 || _negativeInfinities > 0)
        {
            return _positiveInfinities > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        }

        Span<uint> magnitude = stackalloc uint[MagnitudeDigits];
        bool negative = Magnitude(ref magnitude);
        int last = magnitude.LastIndexOfAnyExcept(0u);
        if (last < 0)
        {
            return 0;
        }

        // Bit positions count from the first digit held.
        int unit = UnitExponent + (_first * DigitBits);
        int bits = ((last + 1) * DigitBits) - BitOperations.LeadingZeroCount(magnitude[last]);
        int dropped = Math.Max(Math.Max(bits - precision, leastExponent - unit), 0);
        ulong mantissa = Bits(magnitude, dropped);
        if (dropped > 0 && IsSet(magnitude, dropped - 1) && ((mantissa & 1) != 0 || AnyBelow(magnitude, dropped - 1)))
        {
            mantissa++;
        }

        double rounded = Math.ScaleB(mantissa, dropped + unit);
        return negative ? -rounded : rounded;
    }

    /// <summary>The 64 bits from a position on.</summary>
    private static ulong Bits(ReadOnlySpan<uint> digits, int from)
    {
        int digit = from / DigitBits;
        UInt128 bits = 0;
        for (int i = 0; i < 3 && digit + i < digits.Length; i++)
        {
            bits |= (UInt128)digits[digit + i] << (i * DigitBits);
        }

        return (ulong)(bits >> (from % DigitBits));
    }

    private static bool IsSet(ReadOnlySpan<uint> digits, int bit) =>
        bit / DigitBits < digits.Length && (digits[bit / DigitBits] >> (bit % DigitBits) & 1) != 0;

    private static bool AnyBelow(ReadOnlySpan<uint> digits, int bit) =>
        bit / DigitBits >= digits.Length
            ? digits.ContainsAnyExcept(0u)
            : digits[..(bit / DigitBits)].ContainsAnyExcept(0u) || (digits[bit / DigitBits] & ((1u << (bit % DigitBits)) - 1)) != 0;

    private static int WriteVariable(Span<byte> target, ulong value)
    {
        int size = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[size++] = (byte)(value | 0x80);
        }

        target[size++] = (byte)value;
        return size;
    }
}
