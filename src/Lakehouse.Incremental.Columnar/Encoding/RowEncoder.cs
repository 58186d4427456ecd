using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Encodes rows so that byte strings compare as the rows do, column by column, nulls first. Different rows have different encodings, and the
/// encoding of several columns is that of each put together, so a prefix of columns is a prefix of bytes.
/// </summary>
internal sealed class RowEncoder
{
    private const int BlockRows = 512;

    private readonly IArrowType[] _types;

    public RowEncoder(IReadOnlyList<IArrowType> types)
    {
        if (types.FirstOrDefault(t => !IsOrderable(t)) is { } type)
        {
            throw new ArgumentException($"Values of type {type.Name} have no order.", nameof(types));
        }

        _types = [.. types];
    }

    public static bool IsOrderable(IArrowType type) => type switch
    {
        StructType composite => composite.Fields.All(f => IsOrderable(f.DataType)),
        StringType or BinaryType or BooleanType or Decimal128Type or FloatType or DoubleType or Date32Type or TimestampType => true,
        Int8Type or Int16Type or Int32Type or Int64Type => true,
        _ => false,
    };

    /// <summary>Encodes the given columns, which must be of the encoder's types: bytes of other types would not compare with earlier ones.</summary>
    public EncodedRows Encode(RecordBatch batch, ReadOnlySpan<int> columns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns.Length, _types.Length);
        CellWriter[] writers = new CellWriter[columns.Length];
        for (int i = 0; i < writers.Length; i++)
        {
            ArrayData column = batch.Column(columns[i]).Data;
            ArrowLayouts.Require(_types[i], column.DataType);
            writers[i] = CellWriters.Ordered(column);
        }

        int[] offsets = new int[batch.Length + 1];
        Span<int> sizes = offsets.AsSpan(1);
        sizes.Fill(writers.Length);
        foreach (CellWriter writer in writers)
        {
            writer.AddSizes(0, sizes);
        }

        for (int row = 0; row < sizes.Length; row++)
        {
            offsets[row + 1] = checked(offsets[row + 1] + offsets[row]);
        }

        byte[] buffer = new byte[offsets[^1]];
        Span<int> positions = stackalloc int[BlockRows];
        for (int row = 0; row < batch.Length; row += BlockRows)
        {
            Span<int> block = positions[..Math.Min(BlockRows, batch.Length - row)];
            offsets.AsSpan(row, block.Length).CopyTo(block);
            WriteBlock(writers, row, buffer, block);
        }

        GC.KeepAlive(batch);
        return new EncodedRows(buffer, offsets);
    }

    private static void WriteBlock(CellWriter[] writers, int firstRow, byte[] buffer, Span<int> positions)
    {
        foreach (CellWriter writer in writers)
        {
            bool neverNull = writer.NeverNull;
            for (int i = 0; i < positions.Length; i++)
            {
                buffer[positions[i]++] = neverNull || !writer.IsNull(firstRow + i) ? (byte)1 : (byte)0;
            }

            writer.WriteColumn(firstRow, buffer, positions);
        }
    }
}
