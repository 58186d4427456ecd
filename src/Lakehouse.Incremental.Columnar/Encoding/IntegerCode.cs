using System.Numerics;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Integers of one width in the bytes of another (or the same): big-endian with the sign flipped, so that bytes compare as values do.
/// </summary>
internal readonly struct IntegerCode<TFrom, TTo> : ICellCode<TFrom>
    where TFrom : unmanaged, IBinaryInteger<TFrom>
    where TTo : unmanaged, IBinaryInteger<TTo>, IMinMaxValue<TTo>
{
    public static unsafe int Size => sizeof(TTo);

    public static void Write(TFrom value, Span<byte> target)
    {
        // Not WriteBigEndian: it is a default method of the interface, and a call of one boxes the number.
        if (!(TTo.CreateTruncating(value) ^ TTo.MinValue).TryWriteBigEndian(target, out _))
        {
            throw new ArgumentException("The space is too small for the number.", nameof(target));
        }
    }
}
