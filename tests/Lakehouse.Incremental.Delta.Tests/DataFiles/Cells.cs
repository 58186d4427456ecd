using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

/// <summary>
/// Rows as text that tells all values apart, made by Arrow's own accessors: what is written and what is read can be compared by eye.
/// </summary>
internal static class Cells
{
    public static List<string> Rows(RecordBatch batch) => [.. Enumerable.Range(0, batch.Length).Select(row => Row(batch, row))];

    public static List<string> Rows(IEnumerable<RecordBatch> batches) => [.. batches.SelectMany(Rows)];

    public static string Row(RecordBatch batch, int row) => string.Join(" | ", batch.Arrays.Select(column => Cell(column, row)));

    public static string Cell(IArrowArray array, int row)
    {
        if (array is Apache.Arrow.NullArray || array.IsNull(row))
        {
            return "null";
        }

        return array switch
        {
            StringArray a => $"'{a.GetString(row)}'",
            BinaryArray and not StringArray => $"x{Convert.ToHexString(((BinaryArray)array).GetBytes(row, out _))}",
            BooleanArray a => $"{a.GetValue(row)}",
            Int8Array a => $"{a.GetValue(row)}",
            Int16Array a => $"{a.GetValue(row)}",
            Int32Array a => $"{a.GetValue(row)}",
            Int64Array a => $"{a.GetValue(row)}",
            FloatArray a => $"f{BitConverter.SingleToUInt32Bits(a.GetValue(row)!.Value):X8}",
            DoubleArray a => $"d{BitConverter.DoubleToUInt64Bits(a.GetValue(row)!.Value):X16}",
            Date32Array a => $"day {a.GetValue(row)}",
            TimestampArray a => $"at {a.GetValue(row)} {((TimestampType)a.Data.DataType).Timezone}",
            Decimal128Array a => $"{a.GetString(row)}",
            MapArray a => "{" + Range(a.ValueOffsets, row, i => Cell(a.Keys, i) + ": " + Cell(a.Values, i)) + "}",
            ListArray a => "[" + Range(a.ValueOffsets, row, i => Cell(a.Values, i)) + "]",
            StructArray a => "(" + string.Join(", ", a.Fields.Select(field => Cell(field, row))) + ")",
            _ => throw new ArgumentException(array.GetType().Name, nameof(array)),
        };
    }

    private static string Range(ReadOnlySpan<int> offsets, int row, Func<int, string> cell) =>
        string.Join(", ", Enumerable.Range(offsets[row], offsets[row + 1] - offsets[row]).Select(cell));
}
