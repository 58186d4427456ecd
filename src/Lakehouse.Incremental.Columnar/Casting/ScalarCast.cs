using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>The scalar part of <see cref="LosslessCast"/>.</summary>
internal static class ScalarCast
{
    public static bool CanCast(IArrowType from, IArrowType to) => to switch
    {
        StringType => from is StringType or LargeStringType or StringViewType,
        BinaryType => from is BinaryType or LargeBinaryType or BinaryViewType || (from is FixedSizeBinaryType && !IsDecimal(from)),
        BooleanType => from is BooleanType,
        Int8Type or Int16Type or Int32Type or Int64Type => IsInteger(from),
        FloatType => from is FloatType or HalfFloatType,
        DoubleType => from is DoubleType or FloatType or HalfFloatType,
        Decimal128Type => IsDecimal(from) || IsInteger(from),
        Date32Type => from is Date32Type or Date64Type,
        TimestampType t => from is TimestampType f && (f.Timezone is null) == (t.Timezone is null),
        _ => from.TypeId == to.TypeId,
    };

    public static CastResult Cast(IArrowArray source, IArrowType target)
    {
        IArrowType from = source.Data.DataType;
        return target switch
        {
            StringType when from is not StringType => Text(source),
            BinaryType when from is not BinaryType => Bytes(source),
            Int8Type or Int16Type or Int32Type or Int64Type when from is UInt64Type => FromIntegers(Scaled(source, 1, 1), target),
            Int8Type or Int16Type or Int32Type or Int64Type when from.TypeId != target.TypeId => FromIntegers(Integers(source), target),
            FloatType or DoubleType when from.TypeId != target.TypeId => Floating(source, target),
            Decimal128Type decimals when !(from is Decimal128Type d && d.Scale == decimals.Scale && d.Precision <= decimals.Precision) => Decimals(source, decimals),
            Date32Type when from is Date64Type => FromIntegers(Scaled(source, 86_400_000, 1), target),
            TimestampType when from is TimestampType { Unit: not TimeUnit.Microsecond } t => FromIntegers(Scaled(source, t.Unit == TimeUnit.Nanosecond ? 1000 : 1, Multiplier(t.Unit)), target),
            _ => new CastResult(Retyped(ManagedCopy.Copy(source), target), null),
        };
    }

    /// <summary>The values of an integer array of any width.</summary>
    public static long?[] Integers(IArrowArray source)
    {
        long?[] values = new long?[source.Length];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = source.IsNull(row) ? null : Integer(source.Data, row);
        }

        return values;
    }

    private static long Integer(ArrayData data, int row)
    {
        ReadOnlySpan<byte> bytes = data.Buffers[1].Span;
        int index = data.Offset + row;
        return data.DataType.TypeId switch
        {
            ArrowTypeId.Int8 => (sbyte)bytes[index],
            ArrowTypeId.UInt8 => bytes[index],
            ArrowTypeId.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[index],
            ArrowTypeId.UInt16 => MemoryMarshal.Cast<byte, ushort>(bytes)[index],
            ArrowTypeId.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[index],
            ArrowTypeId.UInt32 => MemoryMarshal.Cast<byte, uint>(bytes)[index],
            ArrowTypeId.UInt64 => checked((long)Unsigned(data, row)),
            _ => MemoryMarshal.Cast<byte, long>(bytes)[index],
        };
    }

    private static ulong Unsigned(ArrayData data, int row) => MemoryMarshal.Cast<byte, ulong>(data.Buffers[1].Span)[data.Offset + row];

    /// <summary>Values divided exactly by one number or multiplied by another; a value that does not divide or overflows fails.</summary>
    private static (long? Value, bool Failed)[] Scaled(IArrowArray source, long divisor, long multiplier)
    {
        (long?, bool)[] values = new (long?, bool)[source.Length];
        for (int row = 0; row < values.Length; row++)
        {
            if (!source.IsNull(row))
            {
                Int128 value = (source.Data.DataType is UInt64Type ? Unsigned(source.Data, row) : Integer(source.Data, row)) * (Int128)multiplier;
                bool fits = value % divisor == 0 && value / divisor >= long.MinValue && value / divisor <= long.MaxValue;
                values[row] = fits ? ((long)(value / divisor), false) : (null, true);
            }
        }

        return values;
    }

    private static CastResult FromIntegers(long?[] values, IArrowType target) =>
        FromIntegers([.. values.Select(v => (v, false))], target);

    private static CastResult FromIntegers((long? Value, bool Failed)[] values, IArrowType target)
    {
        int width = ((FixedWidthType)target).BitWidth / 8;
        long max = width == 8 ? long.MaxValue : (1L << ((width * 8) - 1)) - 1;
        return Build(target, width, values.Length, (row, cell) =>
        {
            (long? value, bool failed) = values[row];
            if (failed || value is null)
            {
                return failed ? Cell.Failed : Cell.Null;
            }

            if (value > max || value < -max - 1)
            {
                return Cell.Failed;
            }

            Span<byte> bytes = stackalloc byte[8];
            MemoryMarshal.Write(bytes, value.Value);
            bytes[..width].CopyTo(cell);
            return Cell.Value;
        });
    }

    private static CastResult Floating(IArrowArray source, IArrowType target) => Build(target, target is FloatType ? 4 : 8, source.Length, (row, cell) =>
    {
        if (source.IsNull(row))
        {
            return Cell.Null;
        }

        double value = source is HalfFloatArray half ? (double)half.GetValue(row)!.Value : ((FloatArray)source).GetValue(row)!.Value;
        if (target is FloatType)
        {
            MemoryMarshal.Write(cell, (float)value);
        }
        else
        {
            MemoryMarshal.Write(cell, value);
        }

        return Cell.Value;
    });

    private static CastResult Decimals(IArrowArray source, Decimal128Type target)
    {
        BigInteger limit = BigInteger.Pow(10, target.Precision);
        return Build(target, 16, source.Length, (row, cell) =>
        {
            if (source.IsNull(row))
            {
                return Cell.Null;
            }

            (BigInteger value, int scale) = Unscaled(source.Data, row);
            BigInteger result = target.Scale >= scale ? value * BigInteger.Pow(10, target.Scale - scale) : BigInteger.DivRem(value, BigInteger.Pow(10, scale - target.Scale), out BigInteger rest) is var q && rest.IsZero ? q : limit;
            if (BigInteger.Abs(result) >= limit)
            {
                return Cell.Failed;
            }

            MemoryMarshal.Write(cell, (Int128)result);
            return Cell.Value;
        });
    }

    private static (BigInteger Value, int Scale) Unscaled(ArrayData data, int row)
    {
        switch (data.DataType)
        {
            case FixedSizeBinaryType type when IsDecimal(type):
                int scale = type switch
                {
                    Decimal32Type d => d.Scale,
                    Decimal64Type d => d.Scale,
                    Decimal128Type d => d.Scale,
                    Decimal256Type d => d.Scale,
                    _ => 0,
                };
                return (new BigInteger(data.Buffers[1].Span.Slice((data.Offset + row) * type.ByteWidth, type.ByteWidth)), scale);
            case UInt64Type:
                return (Unsigned(data, row), 0);
            default:
                return (Integer(data, row), 0);
        }
    }

    private static CastResult Text(IArrowArray source)
    {
        StringArray.Builder builder = new();
        for (int row = 0; row < source.Length; row++)
        {
            if (source.IsNull(row))
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append(source is LargeStringArray large ? large.GetBytes(row, out _) : ((StringViewArray)source).GetBytes(row, out _));
            }
        }

        return new CastResult(ManagedCopy.Copy(builder.Build()), null);
    }

    private static CastResult Bytes(IArrowArray source)
    {
        BinaryArray.Builder builder = new();
        for (int row = 0; row < source.Length; row++)
        {
            if (source.IsNull(row))
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append(source switch
                {
                    LargeBinaryArray large => large.GetBytes(row, out _),
                    BinaryViewArray view => view.GetBytes(row, out _),
                    _ => ((FixedSizeBinaryArray)source).GetBytes(row),
                });
            }
        }

        return new CastResult(ManagedCopy.Copy(builder.Build()), null);
    }

    private enum Cell
    {
        Value,
        Null,
        Failed,
    }

    private delegate Cell WriteCell(int row, Span<byte> cell);

    private static CastResult Build(IArrowType target, int width, int rows, WriteCell write)
    {
        byte[] values = new byte[checked(rows * width)];
        byte[] validity = new byte[(rows + 7) / 8];
        bool[]? failed = null;
        int nulls = 0;
        for (int row = 0; row < rows; row++)
        {
            Cell cell = write(row, values.AsSpan(row * width, width));
            BitUtility.SetBit(validity, row, cell == Cell.Value);
            nulls += cell == Cell.Value ? 0 : 1;
            if (cell == Cell.Failed)
            {
                (failed ??= new bool[rows])[row] = true;
            }
        }

        ArrayData data = new(target, rows, nulls, 0, [nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity), new ArrowBuffer(values)], []);
        return new CastResult(ArrowArrayFactory.BuildArray(data), failed);
    }

    private static IArrowArray Retyped(IArrowArray source, IArrowType target)
    {
        ArrayData data = source.Data;
        return ArrowArrayFactory.BuildArray(new ArrayData(target, data.Length, data.NullCount, data.Offset, data.Buffers, data.Children));
    }

    private static long Multiplier(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => 1_000_000,
        TimeUnit.Millisecond => 1_000,
        _ => 1,
    };

    private static bool IsInteger(IArrowType type) => type.TypeId is ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64
        or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64;

    private static bool IsDecimal(IArrowType type) => type is Decimal32Type or Decimal64Type or Decimal128Type or Decimal256Type;
}
