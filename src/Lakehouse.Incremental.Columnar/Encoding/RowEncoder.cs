using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Encodes rows so that byte strings compare as the rows do, column by column, nulls first. Different rows have different encodings, and the encoding of
/// several columns is that of each put together, so a prefix of columns is a prefix of bytes.
/// </summary>
internal sealed class RowEncoder
{
    private readonly int _columns;

    public RowEncoder(IReadOnlyList<IArrowType> types)
    {
        if (types.FirstOrDefault(t => !IsOrderable(t)) is { } type)
        {
            throw new ArgumentException($"Values of type {type.Name} have no order.", nameof(types));
        }

        _columns = types.Count;
    }

    public static bool IsOrderable(IArrowType type) => type switch
    {
        StructType composite => composite.Fields.All(f => IsOrderable(f.DataType)),
        StringType or BinaryType or BooleanType or Decimal128Type or FloatType or DoubleType or Date32Type or TimestampType => true,
        Int8Type or Int16Type or Int32Type or Int64Type => true,
        _ => false,
    };

    public EncodedRows Encode(RecordBatch batch, ReadOnlySpan<int> columns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns.Length, _columns);
        CellWriter[] writers = new CellWriter[columns.Length];
        for (int i = 0; i < writers.Length; i++)
        {
            writers[i] = CellWriters.Ordered(batch.Column(columns[i]).Data);
        }

        int[] offsets = new int[batch.Length + 1];
        foreach (CellWriter writer in writers)
        {
            for (int row = 0; row < batch.Length; row++)
            {
                offsets[row + 1] += 1 + (writer.IsNull(row) ? 0 : writer.Size(row));
            }
        }

        for (int row = 0; row < batch.Length; row++)
        {
            offsets[row + 1] = checked(offsets[row + 1] + offsets[row]);
        }

        byte[] buffer = new byte[offsets[^1]];
        for (int row = 0; row < batch.Length; row++)
        {
            int position = offsets[row];
            foreach (CellWriter writer in writers)
            {
                bool isNull = writer.IsNull(row);
                buffer[position++] = isNull ? (byte)0 : (byte)1;
                position += isNull ? 0 : writer.Write(row, buffer.AsSpan(position));
            }
        }

        return new EncodedRows(buffer, offsets);
    }
}
