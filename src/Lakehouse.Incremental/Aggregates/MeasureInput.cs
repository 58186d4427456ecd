using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>A measure's column in one batch, opened once and then read by row without boxing.</summary>
internal sealed class MeasureInput
{
    private readonly ArrayData _data;
    private readonly Int128[] _integers = [];
    private readonly double[] _doubles = [];
    private readonly EncodedRows? _ordered;
    private readonly List<ExtremeValue> _referring = [];

    /// <param name="batch">The batch.</param>
    /// <param name="column">Position of the column.</param>
    /// <param name="ordered">True when values are compared, not summed.</param>
    public MeasureInput(RecordBatch batch, int column, bool ordered)
    {
        Array = batch.Column(column);
        _data = Array.Data;
        if (ordered)
        {
            _ordered = new RowEncoder([_data.DataType]).Encode(batch, [column]);
        }
        else if (_data.DataType is FloatType or DoubleType)
        {
            _doubles = Doubles(_data);
        }
        else
        {
            _integers = Integers(_data);
        }
    }

    public IArrowArray Array { get; }

    public bool IsNull(int row) => GatherKernel.IsNull(_data, row);

    /// <summary>An integer, or the unscaled value of a decimal.</summary>
    public Int128 Integer(int row) => _integers[row];

    public double Floating(int row) => _doubles[row];

    /// <summary>Bytes that compare as the values do (semantics 2.10).</summary>
    public ReadOnlySpan<byte> Ordered(int row) => _ordered![row];

    /// <summary>Remembers a value that is read from this column.</summary>
    public void Refer(ExtremeValue value) => _referring.Add(value);

    /// <summary>Copies the values that are still of interest, so that a group does not keep a whole batch in memory.</summary>
    public void Detach()
    {
        ExtremeValue[] held = [.. _referring.Where(v => v.Copies > 0 && ReferenceEquals(v.Source, Array))];
        _referring.Clear();
        if (held.Length == 0)
        {
            return;
        }

        IArrowArray copy = TakeKernel.Take(Array, [.. held.Select(v => v.Row)]);
        for (int i = 0; i < held.Length; i++)
        {
            held[i].MoveTo(copy, i);
        }
    }

    private static Int128[] Integers(ArrayData data)
    {
        Int128[] result = new Int128[data.Length];
        ReadOnlySpan<byte> values = data.Buffers[1].Span;
        switch (data.DataType.TypeId)
        {
            case ArrowTypeId.Int8:
                Widen<sbyte>(values, data.Offset, result, v => v);
                break;
            case ArrowTypeId.Int16:
                Widen<short>(values, data.Offset, result, v => v);
                break;
            case ArrowTypeId.Int32:
                Widen<int>(values, data.Offset, result, v => v);
                break;
            case ArrowTypeId.Int64:
                Widen<long>(values, data.Offset, result, v => v);
                break;
            default:
                MemoryMarshal.Cast<byte, Int128>(values).Slice(data.Offset, data.Length).CopyTo(result);
                break;
        }

        return result;
    }

    private static void Widen<T>(ReadOnlySpan<byte> values, int offset, Int128[] result, Func<T, Int128> widen)
        where T : unmanaged
    {
        ReadOnlySpan<T> typed = MemoryMarshal.Cast<byte, T>(values).Slice(offset, result.Length);
        for (int row = 0; row < result.Length; row++)
        {
            result[row] = widen(typed[row]);
        }
    }

    private static double[] Doubles(ArrayData data)
    {
        ReadOnlySpan<byte> values = data.Buffers[1].Span;
        if (data.DataType is DoubleType)
        {
            return MemoryMarshal.Cast<byte, double>(values).Slice(data.Offset, data.Length).ToArray();
        }

        ReadOnlySpan<float> singles = MemoryMarshal.Cast<byte, float>(values).Slice(data.Offset, data.Length);
        double[] result = new double[singles.Length];
        for (int row = 0; row < result.Length; row++)
        {
            result[row] = singles[row];
        }

        return result;
    }
}
