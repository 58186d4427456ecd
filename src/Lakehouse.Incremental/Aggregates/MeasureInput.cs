using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>A measure's column in one batch, read without boxing.</summary>
internal sealed class MeasureInput
{
    private readonly ArrayData _data;
    private readonly ReadOnlyMemory<byte> _values;
    private readonly EncodedRows? _ordered;

    /// <param name="batch">The batch.</param>
    /// <param name="column">Position of the column.</param>
    /// <param name="ordered">True when values are compared, not summed.</param>
    public MeasureInput(RecordBatch batch, int column, bool ordered)
    {
        Array = batch.Column(column);
        _data = Array.Data;
        _values = _data.Buffers.Length > 1 ? _data.Buffers[1].Memory : default;
        _ordered = ordered ? new RowEncoder([_data.DataType]).Encode(batch, [column]) : null;
    }

    public IArrowArray Array { get; }

    public bool IsNull(int row) => GatherKernel.IsNull(_data, row);

    /// <summary>An integer, or the unscaled value of a decimal.</summary>
    public Int128 Integer(int row)
    {
        int index = _data.Offset + row;
        ReadOnlySpan<byte> values = _values.Span;
        return _data.DataType.TypeId switch
        {
            ArrowTypeId.Int8 => (sbyte)values[index],
            ArrowTypeId.Int16 => MemoryMarshal.Cast<byte, short>(values)[index],
            ArrowTypeId.Int32 => MemoryMarshal.Cast<byte, int>(values)[index],
            ArrowTypeId.Int64 => MemoryMarshal.Cast<byte, long>(values)[index],
            _ => MemoryMarshal.Read<Int128>(values[(index * 16)..]),
        };
    }

    public double Floating(int row)
    {
        int index = _data.Offset + row;
        return _data.DataType is FloatType ? MemoryMarshal.Cast<byte, float>(_values.Span)[index] : MemoryMarshal.Cast<byte, double>(_values.Span)[index];
    }

    /// <summary>Bytes that compare as the values do (semantics 2.10).</summary>
    public ReadOnlySpan<byte> Ordered(int row) => _ordered![row];
}
