using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Scalars of fixed width.</summary>
internal sealed class FixedCellWriter<T, TCode>(ArrayData data) : CellWriter(data)
    where T : unmanaged
    where TCode : struct, ICellCode<T>
{
    private readonly ReadOnlyMemory<byte> _values = data.Buffers[1].Memory;

    private ReadOnlySpan<T> Values => MemoryMarshal.Cast<byte, T>(_values.Span)[Offset..];

    public override int Size(int row) => TCode.Size;

    public override int Write(int row, Span<byte> target)
    {
        TCode.Write(Values[row], target);
        return TCode.Size;
    }

    public override void AddSizes(int firstRow, Span<int> sizes)
    {
        bool neverNull = NeverNull;
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] += neverNull || !IsNull(firstRow + i) ? TCode.Size : 0;
        }
    }

    public override void WriteColumn(int firstRow, Span<byte> target, Span<int> positions)
    {
        bool neverNull = NeverNull;
        ReadOnlySpan<T> values = Values.Slice(firstRow, positions.Length);
        for (int i = 0; i < positions.Length; i++)
        {
            if (neverNull || !IsNull(firstRow + i))
            {
                TCode.Write(values[i], target[positions[i]..]);
                positions[i] += TCode.Size;
            }
        }
    }
}

/// <summary>Makes the writer for a type of fixed width.</summary>
internal static class FixedCellWriter
{
    /// <summary>Each type in its own width.</summary>
    public static CellWriter Narrow(ArrayData data) => data.DataType switch
    {
        BooleanType => new BooleanCellWriter(data),
        Int8Type => Integers<sbyte, sbyte>(data),
        Int16Type => Integers<short, short>(data),
        Int32Type or Date32Type => Integers<int, int>(data),
        Int64Type or TimestampType => Integers<long, long>(data),
        Decimal128Type => Integers<Int128, Int128>(data),
        FloatType => new FixedCellWriter<float, FloatCode>(data),
        DoubleType => new FixedCellWriter<double, DoubleCode>(data),
        _ => throw new ArgumentException($"Values of type {data.DataType.Name} have no order.", nameof(data)),
    };

    /// <summary>All integers in 8 bytes and floats as doubles, so that widening a column does not change the bytes.</summary>
    public static CellWriter Wide(ArrayData data) => data.DataType switch
    {
        Int8Type => Integers<sbyte, long>(data),
        Int16Type => Integers<short, long>(data),
        Int32Type => Integers<int, long>(data),
        FloatType => new FixedCellWriter<float, DoubleCode>(data),
        _ => Narrow(data),
    };

    private static FixedCellWriter<TFrom, IntegerCode<TFrom, TTo>> Integers<TFrom, TTo>(ArrayData data)
        where TFrom : unmanaged, System.Numerics.IBinaryInteger<TFrom>
        where TTo : unmanaged, System.Numerics.IBinaryInteger<TTo>, System.Numerics.IMinMaxValue<TTo> => new(data);
}
