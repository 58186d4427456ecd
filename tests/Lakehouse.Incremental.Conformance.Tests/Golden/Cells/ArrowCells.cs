using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>Canonical texts of the cells the library returns.</summary>
internal static class ArrowCells
{
    public static string Format(IArrowArray array, int row, CellMode mode = CellMode.Exact)
    {
        if (array.IsNull(row))
        {
            return CellForm.Null;
        }

        return array switch
        {
            StringArray a => Text(a.GetString(row), mode),
            BooleanArray a => CellForm.Bool(a.GetValue(row)!.Value),
            Int8Array a => CellForm.Number(a.GetValue(row)!.Value, 0),
            Int16Array a => CellForm.Number(a.GetValue(row)!.Value, 0),
            Int32Array a => CellForm.Number(a.GetValue(row)!.Value, 0),
            Int64Array a => CellForm.Number(a.GetValue(row)!.Value, 0),
            FloatArray a => CellForm.Number(a.GetValue(row)!.Value),
            DoubleArray a => CellForm.Number(a.GetValue(row)!.Value),
            Date32Array a => CellForm.Date(a.Values[row]),
            TimestampArray a => CellForm.Timestamp(Microseconds(a, row)),
            Decimal128Array a => CellForm.Number(new BigInteger(a.GetBytes(row)), a.Scale),
            BinaryArray a => Binary(a.GetBytes(row), mode),
            StructArray a => Struct(a, row, mode),
            MapArray a => CellForm.Map(Range(a, row).Select(i => (Format(a.Keys, i, mode), Format(a.Values, i, mode)))),
            ListArray a => CellForm.List(Range(a, row).Select(i => Format(a.Values, i, mode))),
            _ => throw new ArgumentException($"The library returned a column of the type {array.Data.DataType}, which is none of its own."),
        };
    }

    private static string Text(string value, CellMode mode)
    {
        string kept = mode == CellMode.Printed ? value.TrimEnd(' ') : value;
        return mode == CellMode.Printed && kept.Length == 0 ? CellForm.Null : CellForm.Text(kept);
    }

    private static string Binary(ReadOnlySpan<byte> value, CellMode mode) =>
        mode == CellMode.Printed && value.IsEmpty ? CellForm.Null : CellForm.Binary(value);

    private static long Microseconds(TimestampArray array, int row) =>
        ((TimestampType)array.Data.DataType).Unit == TimeUnit.Microsecond
            ? array.Values[row]
            : throw new ArgumentException("The library returned timestamps in another unit than microseconds.");

    private static string Struct(StructArray array, int row, CellMode mode)
    {
        IReadOnlyList<Field> fields = ((StructType)array.Data.DataType).Fields;
        return CellForm.Struct(fields.Select((field, i) => (field.Name, Format(array.Fields[i], row, mode))));
    }

    private static IEnumerable<int> Range(ListArray array, int row)
    {
        int start = array.ValueOffsets[row];
        return Enumerable.Range(start, array.ValueOffsets[row + 1] - start);
    }
}
