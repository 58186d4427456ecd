using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar.Tests.Support;

/// <summary>
/// Arrays from plain values, put together by hand and on purpose awkwardly: each level may begin at an offset, nulls may lie over leftover values,
/// and validity may be there without a null. Values: the CLR type of the Arrow type, Int128 for decimals, object?[] for structs and lists, (key,
/// value) pairs as object?[2] for maps.
/// </summary>
internal static class ModelArrays
{
    public static IArrowArray Build(IArrowType type, IReadOnlyList<object?> values, int padding = 0) =>
        ArrowArrayFactory.BuildArray(Data(type, values, padding));

    public static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns) =>
        new(Schema(columns), columns.Select(c => c.Array), columns[0].Array.Length);

    private static Schema Schema((string Name, IArrowArray Array)[] columns) =>
        new(columns.Select(c => new Field(c.Name, c.Array.Data.DataType, true)), null);

    private static ArrayData Data(IArrowType type, IReadOnlyList<object?> values, int padding)
    {
        if (type is NullType)
        {
            return new ArrayData(type, values.Count, values.Count, 0, [], []);
        }

        object?[] all = [.. Enumerable.Repeat(Filler(type), padding), .. values, .. Enumerable.Repeat(Filler(type), padding)];
        int nulls = all.Count(v => v is null);
        ArrowBuffer validity = nulls == 0 && padding == 0 ? ArrowBuffer.Empty : Bits(all, v => v is not null);
        object?[] solid = [.. all.Select(v => v ?? Filler(type))];
        ArrayData whole = type switch
        {
            BooleanType => new ArrayData(type, all.Length, nulls, 0, [validity, Bits(solid, v => (bool)v!)], []),
            StringType or BinaryType => Variable(type, solid, nulls, validity),
            StructType composite => new ArrayData(type, all.Length, nulls, 0, [validity], Fields(composite, solid, padding)),
            ListType list => List(type, list.ValueDataType, solid, nulls, validity, padding),
            MapType map => List(type, map.Fields[0].DataType, solid, nulls, validity, padding),
            _ => new ArrayData(type, all.Length, nulls, 0, [validity, new ArrowBuffer(solid.SelectMany(Fixed).ToArray())], []),
        };
        return padding == 0 ? whole : whole.Slice(padding, values.Count);
    }

    private static ArrayData[] Fields(StructType type, object?[] rows, int padding) =>
        [.. type.Fields.Select((f, i) => Data(f.DataType, [.. rows.Select(r => ((object?[])r!)[i])], padding))];

    private static ArrayData List(IArrowType type, IArrowType element, object?[] rows, int nulls, ArrowBuffer validity, int padding)
    {
        int[] offsets = new int[rows.Length + 1];
        List<object?> elements = [];
        for (int i = 0; i < rows.Length; i++)
        {
            elements.AddRange((object?[])rows[i]!);
            offsets[i + 1] = elements.Count;
        }

        return new ArrayData(type, rows.Length, nulls, 0, [validity, Ints(offsets)], [Data(element, elements, padding)]);
    }

    private static ArrayData Variable(IArrowType type, object?[] rows, int nulls, ArrowBuffer validity)
    {
        byte[][] bytes = [.. rows.Select(r => r is string s ? System.Text.Encoding.UTF8.GetBytes(s) : (byte[])r!)];
        int[] offsets = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            offsets[i + 1] = offsets[i] + bytes[i].Length;
        }

        return new ArrayData(type, rows.Length, nulls, 0, [validity, Ints(offsets), new ArrowBuffer(bytes.SelectMany(b => b).ToArray())], []);
    }

    private static object Filler(IArrowType type) => type switch
    {
        BooleanType => true,
        Int8Type => (sbyte)77,
        Int16Type => (short)7777,
        Int32Type or Date32Type => 77777,
        Int64Type or TimestampType => 7777777777L,
        FloatType => 7.5f,
        DoubleType => 7.25,
        Decimal128Type => (Int128)777,
        StringType => "leftover",
        BinaryType => new byte[] { 7, 7 },
        StructType s => s.Fields.Select(f => f.DataType is NullType ? null : (object?)Filler(f.DataType)).ToArray(),
        ListType l => new[] { l.ValueDataType is NullType ? null : Filler(l.ValueDataType) },
        MapType m => new object?[] { Filler(m.Fields[0].DataType) },
        _ => throw new ArgumentException(type.Name),
    };

    private static byte[] Fixed(object? value) => value switch
    {
        sbyte v => [unchecked((byte)v)],
        short v => BitConverter.GetBytes(v),
        int v => BitConverter.GetBytes(v),
        long v => BitConverter.GetBytes(v),
        float v => BitConverter.GetBytes(v),
        double v => BitConverter.GetBytes(v),
        Int128 v => BitConverter.GetBytes(v),
        _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{value}")),
    };

    private static ArrowBuffer Ints(int[] values) => new(values.SelectMany(BitConverter.GetBytes).ToArray());

    private static ArrowBuffer Bits(object?[] values, Func<object?, bool> bit)
    {
        byte[] bytes = new byte[(values.Length + 7) / 8];
        for (int i = 0; i < values.Length; i++)
        {
            bytes[i / 8] |= bit(values[i]) ? (byte)(1 << (i % 8)) : (byte)0;
        }

        return new ArrowBuffer(bytes);
    }
}
