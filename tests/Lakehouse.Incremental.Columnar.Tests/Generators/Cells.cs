using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar.Tests.Generators;

/// <summary>
/// Arrays out of plain CLR values, cell by cell: lists and maps as <see cref="List{T}"/> of objects, structs and map entries as object arrays,
/// decimals as unscaled <see cref="Int128"/>. Built straight from buffers, so that it shares nothing with the code under test, and with junk in the
/// slots of nulls.
/// </summary>
internal static class Cells
{
    public static IArrowArray Array(IArrowType type, params IReadOnlyList<object?> values) => ArrowArrayFactory.BuildArray(Data(type, values));

    /// <summary>The values as a slice out of the middle of a longer array.</summary>
    public static IArrowArray Slice(IArrowType type, IReadOnlyList<object?> values, int before, int after)
    {
        List<object?> padded = [.. Enumerable.Repeat(Junk(type), before), .. values, .. Enumerable.Repeat(Junk(type), after)];
        return ArrowArrayFactory.BuildArray(Data(type, padded).Slice(before, values.Count));
    }

    public static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns)
    {
        Schema schema = new(columns.Select(c => new Field(c.Name, c.Array.Data.DataType, true)), null);
        return new RecordBatch(schema, columns.Select(c => c.Array), columns[0].Array.Length);
    }

    private static ArrayData Data(IArrowType type, IReadOnlyList<object?> values)
    {
        int rows = values.Count;
        if (type is NullType)
        {
            return new ArrayData(type, rows, rows, 0, [], []);
        }

        byte[] validity = new byte[(rows / 8) + 1];
        for (int row = 0; row < rows; row++)
        {
            BitUtility.SetBit(validity, row, values[row] is not null);
        }

        int nulls = values.Count(v => v is null);
        ArrowBuffer present = nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity);
        object?[] filled = [.. values.Select(v => v ?? Junk(type))];
        return type switch
        {
            StructType composite => new ArrayData(type, rows, nulls, 0, [present],
                [.. composite.Fields.Select((f, i) => Data(f.DataType, [.. filled.Select(v => ((object?[])v!)[i])]))]),
            ListType list => Nested(type, list.ValueDataType, filled, present, nulls),
            MapType map => Nested(type, map.Fields[0].DataType, filled, present, nulls),
            StringType or BinaryType => Variable(type, filled, present, nulls),
            BooleanType => new ArrayData(type, rows, nulls, 0, [present, Bits(filled)], []),
            _ => new ArrayData(type, rows, nulls, 0, [present, new ArrowBuffer(filled.SelectMany(Bytes).ToArray())], []),
        };
    }

    private static ArrayData Nested(IArrowType type, IArrowType element, object?[] values, ArrowBuffer present, int nulls)
    {
        List<object?> elements = [.. values.SelectMany(v => (List<object?>)v!)];
        return new ArrayData(type, values.Length, nulls, 0, [present, Offsets(values.Select(v => ((List<object?>)v!).Count))],
            [Data(element, elements)]);
    }

    private static ArrayData Variable(IArrowType type, object?[] values, ArrowBuffer present, int nulls)
    {
        byte[][] bytes = [.. values.Select(v => v is string text ? System.Text.Encoding.UTF8.GetBytes(text) : (byte[])v!)];
        return new ArrayData(type, values.Length, nulls, 0,
            [present, Offsets(bytes.Select(b => b.Length)), new ArrowBuffer(bytes.SelectMany(b => b).ToArray())], []);
    }

    private static ArrowBuffer Offsets(IEnumerable<int> lengths)
    {
        List<int> offsets = [0];
        foreach (int length in lengths)
        {
            offsets.Add(offsets[^1] + length);
        }

        return new ArrowBuffer(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(offsets)).ToArray());
    }

    private static ArrowBuffer Bits(object?[] values)
    {
        byte[] bits = new byte[(values.Length / 8) + 1];
        for (int row = 0; row < values.Length; row++)
        {
            BitUtility.SetBit(bits, row, (bool)values[row]!);
        }

        return new ArrowBuffer(bits);
    }

    private static byte[] Bytes(object? value) => value switch
    {
        sbyte v => [unchecked((byte)v)],
        byte v => [v],
        short v => BitConverter.GetBytes(v),
        ushort v => BitConverter.GetBytes(v),
        int v => BitConverter.GetBytes(v),
        uint v => BitConverter.GetBytes(v),
        long v => BitConverter.GetBytes(v),
        ulong v => BitConverter.GetBytes(v),
        float v => BitConverter.GetBytes(v),
        double v => BitConverter.GetBytes(v),
        Half v => BitConverter.GetBytes(v),
        Int128 v => BitConverter.GetBytes(v),
        _ => throw new ArgumentException($"No bytes for {value?.GetType().Name}.", nameof(value)),
    };

    /// <summary>A value that stands where nobody may look: under nulls and outside of slices.</summary>
    private static object? Junk(IArrowType type) => type switch
    {
        NullType => null,
        StringType => "junk",
        BinaryType => new byte[] { 0xBA, 0xAD },
        BooleanType => true,
        Int8Type => (sbyte)77,
        UInt8Type => (byte)77,
        Int16Type => (short)77,
        UInt16Type => (ushort)77,
        Int32Type or Date32Type => 77,
        UInt32Type => 77u,
        Int64Type or TimestampType or Date64Type => 77L,
        UInt64Type => 77ul,
        HalfFloatType => (Half)77,
        FloatType => 77f,
        DoubleType => 77d,
        Decimal128Type => (Int128)77,
        ListType list => new List<object?> { Junk(list.ValueDataType) },
        MapType map => new List<object?> { Junk(map.Fields[0].DataType) },
        StructType composite => composite.Fields.Select(f => Junk(f.DataType)).ToArray(),
        _ => throw new ArgumentException($"No junk of type {type.Name}.", nameof(type)),
    };
}
