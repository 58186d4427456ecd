using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Integers to integers of other widths, and times to other units: a value that is out of range or between two units fails.</summary>
internal static class IntegerCast
{
    private const long MillisecondsPerDay = 86_400_000;

    public static bool IsInteger(IArrowType type) => type.TypeId is ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64
        or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64;

    public static CastResult Cast(ArrayData source, IArrowType target) => source.DataType.TypeId switch
    {
        ArrowTypeId.Int8 => From<sbyte>(source, target),
        ArrowTypeId.UInt8 => From<byte>(source, target),
        ArrowTypeId.Int16 => From<short>(source, target),
        ArrowTypeId.UInt16 => From<ushort>(source, target),
        ArrowTypeId.Int32 => From<int>(source, target),
        ArrowTypeId.UInt32 => From<uint>(source, target),
        ArrowTypeId.UInt64 => From<ulong>(source, target),
        _ => From<long>(source, target),
    };

    /// <summary>Milliseconds to days.</summary>
    public static CastResult Days(ArrayData source, IArrowType target)
    {
        CastColumn<int> result = new(source);
        ReadOnlySpan<long> from = Values<long>(source);
        Span<int> to = result.Values;
        for (int row = 0; row < to.Length; row++)
        {
            if (Bitmaps.Get(result.Valid, row))
            {
                (long days, long rest) = Math.DivRem(from[row], MillisecondsPerDay);
                to[row] = unchecked((int)days);
                if (rest != 0 || to[row] != days)
                {
                    result.Fail(row);
                }
            }
        }

        return result.Build(target);
    }

    /// <summary>Timestamps to microseconds.</summary>
    public static CastResult Microseconds(ArrayData source, TimeUnit unit, IArrowType target)
    {
        (long multiplier, long divisor) = unit switch
        {
            TimeUnit.Second => (1_000_000L, 1L),
            TimeUnit.Millisecond => (1_000L, 1L),
            TimeUnit.Microsecond => (1L, 1L),
            _ => (1L, 1_000L),
        };
        CastColumn<long> result = new(source);
        ReadOnlySpan<long> from = Values<long>(source);
        Span<long> to = result.Values;
        for (int row = 0; row < to.Length; row++)
        {
            if (Bitmaps.Get(result.Valid, row))
            {
                long high = Math.BigMul(from[row], multiplier, out long product);
                (to[row], long rest) = Math.DivRem(product, divisor);
                if (rest != 0 || high != product >> 63)
                {
                    result.Fail(row);
                }
            }
        }

        return result.Build(target);
    }

    private static CastResult From<TFrom>(ArrayData source, IArrowType target)
        where TFrom : unmanaged, IBinaryInteger<TFrom> => target switch
        {
            Int8Type => Cast<TFrom, sbyte>(source, target),
            Int16Type => Cast<TFrom, short>(source, target),
            Int32Type => Cast<TFrom, int>(source, target),
            _ => Cast<TFrom, long>(source, target),
        };

    private static CastResult Cast<TFrom, TTo>(ArrayData source, IArrowType target)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        CastColumn<TTo> result = new(source);
        ReadOnlySpan<TFrom> from = Values<TFrom>(source);
        Span<TTo> to = result.Values;
        for (int row = 0; row < to.Length; row++)
        {
            to[row] = TTo.CreateTruncating(from[row]);
            bool same = TFrom.CreateTruncating(to[row]) == from[row] && TTo.IsNegative(to[row]) == TFrom.IsNegative(from[row]);
            if (!same && Bitmaps.Get(result.Valid, row))
            {
                result.Fail(row);
            }
        }

        return result.Build(target);
    }

    private static ReadOnlySpan<T> Values<T>(ArrayData source)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(source.Buffers[1].Span)[source.Offset..];
}
