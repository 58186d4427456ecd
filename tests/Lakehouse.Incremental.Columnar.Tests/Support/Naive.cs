using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar.Tests.Support;

/// <summary>Reads cells one by one through Arrow's own accessors: slow, and without any code in common with the kernels.</summary>
internal static class Naive
{
    public static object? Cell(IArrowArray array, int row)
    {
        if (array is NullArray || array.IsNull(row))
        {
            return null;
        }

        return array switch
        {
            BooleanArray a => a.GetValue(row),
            Int8Array a => a.GetValue(row),
            Int16Array a => a.GetValue(row),
            Int32Array a => a.GetValue(row),
            Int64Array a => a.GetValue(row),
            FloatArray a => a.GetValue(row),
            DoubleArray a => a.GetValue(row),
            Date32Array a => a.GetValue(row),
            TimestampArray a => a.GetValue(row),
            Decimal128Array a => new System.Numerics.BigInteger(a.ValueBuffer.Span.Slice((a.Offset + row) * 16, 16)) is var v ? (Int128)v : default,
            StringArray a => a.GetString(row),
            BinaryArray a => a.GetBytes(row).ToArray(),
            StructArray a => a.Fields.Select(f => Cell(f, row)).ToArray(),
            ListArray a => Cells(a, row),
            _ => throw new ArgumentException(array.Data.DataType.Name),
        };
    }

    public static string[] Texts(IArrowArray array) => [.. Enumerable.Range(0, array.Length).Select(row => Text(Cell(array, row)))];

    public static string[] Texts(IEnumerable<object?> values) => [.. values.Select(Text)];

    /// <summary>One text per value: floats by their bits, so that nothing is lost.</summary>
    public static string Text(object? value) => value switch
    {
        null => "∅",
        string s => "\"" + s + "\"",
        byte[] b => Convert.ToHexString(b),
        float f => "f" + BitConverter.SingleToInt32Bits(f).ToString("x8", CultureInfo.InvariantCulture),
        double d => "d" + BitConverter.DoubleToInt64Bits(d).ToString("x16", CultureInfo.InvariantCulture),
        object?[] list => "[" + string.Join(",", list.Select(Text)) + "]",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static object?[] Cells(ListArray array, int row)
    {
        int start = array.ValueOffsets[row];
        int end = array.ValueOffsets[row + 1];
        IArrowArray values = array is MapArray map ? map.KeyValues : array.Values;
        return [.. Enumerable.Range(start, end - start).Select(i => Cell(values, i))];
    }
}
