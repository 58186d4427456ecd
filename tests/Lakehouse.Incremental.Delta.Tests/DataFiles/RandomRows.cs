using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Delta.Schemas;
using ListType = Apache.Arrow.Types.ListType;
using MapType = Apache.Arrow.Types.MapType;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

/// <summary>Schemas of any Delta types and rows of them, edge values and nulls included. The same seed makes the same rows.</summary>
internal static class RandomRows
{
    private static readonly DataType[] Primitives =
    [
        PrimitiveType.String, PrimitiveType.Long, PrimitiveType.Integer, PrimitiveType.Short, PrimitiveType.Byte, PrimitiveType.Float,
        PrimitiveType.Double,
        PrimitiveType.Boolean, PrimitiveType.Binary, PrimitiveType.Date, PrimitiveType.Timestamp, PrimitiveType.TimestampNtz, PrimitiveType.Void,
        new DecimalType(1, 0), new DecimalType(9, 4), new DecimalType(18, 18), new DecimalType(19, 2), new DecimalType(38, 0),
        new DecimalType(38, 37),
    ];

    private static readonly string[] Texts =
        ["", "a", "z", "Zürich", "\u007F", "€", "\U0001F600", "\U0010FFFF", "\uFFFD", new('x', 31), new('x', 32), new('x', 33),
            new string('y', 31) + "\U0001F600", "a\0b", "{\"}"];

    private static readonly double[] Doubles =
        [0.0, -0.0, 1.5, -1.5, 1e300, -1e300, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1];

    /// <summary>All types without parameters and some decimals.</summary>
    public static IReadOnlyList<DataType> AllPrimitives => Primitives;

    public static Gen<StructType> Schemas(int depth) => Fields(depth, "c", 5);

    public static RecordBatch Batch(Schema schema, int rows, int seed, double nulls = 0.2)
    {
        Random random = new(seed);
        return new RecordBatch(schema, schema.FieldsList.Select(field => Array(field.DataType, rows, random, field.IsNullable ? nulls : 0)), rows);
    }

    public static IArrowArray Array(IArrowType type, int rows, Random random, double nulls) =>
        ArrowArrayFactory.BuildArray(Data(type, rows, random, nulls));

    private static Gen<StructType> Fields(int depth, string prefix, int most) =>
        Type(depth).Array[1, most]
            .Where(static types => types.Any(static type => type != PrimitiveType.Void))
            .Select(types => new StructType([.. types.Select((type, i) => new StructField($"{prefix}{i}", type))]));

    private static Gen<DataType> AnyOf(params DataType[] types) => Gen.Int[0, types.Length - 1].Select(i => types[i]);

    private static Gen<DataType> Type(int depth)
    {
        Gen<DataType> primitive = AnyOf(Primitives);
        if (depth <= 1)
        {
            return primitive;
        }

        Gen<DataType> inner = Type(depth - 1);

        // Void exists as a column or a field only, not within lists and maps.
        Gen<DataType> value = inner.Where(static type => type != PrimitiveType.Void);
        Gen<DataType> key = AnyOf(PrimitiveType.String, PrimitiveType.Long, PrimitiveType.Date);
        return Gen.Frequency(
            (4, primitive),
            (1, Fields(depth - 1, "f", 3).Select(static type => (DataType)type)),
            (1, value.Select(static type => (DataType)new ArrayType(type))),
            (1, Gen.Select(key, value).Select(static pair => (DataType)new Delta.Schemas.MapType(pair.Item1, pair.Item2))));
    }

    private static ArrayData Data(IArrowType type, int rows, Random random, double nulls)
    {
        if (type is NullType)
        {
            return new ArrayData(type, rows, rows, 0, [], []);
        }

        byte[] validity = new byte[(rows + 7) / 8];
        int nullCount = 0;
        for (int row = 0; row < rows; row++)
        {
            bool isNull = random.NextDouble() < nulls;
            BitUtility.SetBit(validity, row, !isNull);
            nullCount += isNull ? 1 : 0;
        }

        ArrowBuffer valid = nullCount == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity);
        return type switch
        {
            ListType list => Nested(type, rows, nullCount, valid, random, total =>
                Data(list.ValueDataType, total, random, list.ValueField.IsNullable ? nulls : 0)),
            MapType map => Nested(type, rows, nullCount, valid, random, total => Entries(map, total, random, nulls)),
            Apache.Arrow.Types.StructType structure => new ArrayData(
                type, rows, nullCount, 0, [valid],
                    [.. structure.Fields.Select(field => Data(field.DataType, rows, random, field.IsNullable ? nulls : 0))]),
            StringType => Variable(type, rows, nullCount, valid, () => Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)])),
            BinaryType => Variable(type, rows, nullCount, valid, () => [.. Enumerable.Range(0, random.Next(5)).Select(_ => (byte)random.Next(256))]),
            BooleanType => Fixed(type, (rows + 7) / 8, rows, nullCount, valid, span => random.NextBytes(span)),
            Decimal128Type number =>
                Fixed(type, rows * 16, rows, nullCount, valid, span => Each<Int128>(span, () => Number(number.Precision, random))),
            FloatType => Fixed(type, rows * 4, rows, nullCount, valid, span => Each(span, () => (float)Doubles[random.Next(Doubles.Length)])),
            DoubleType => Fixed(type, rows * 8, rows, nullCount, valid, span => Each(span, () => Doubles[random.Next(Doubles.Length)])),
            FixedWidthType number =>
                Fixed(type, rows * number.BitWidth / 8, rows, nullCount, valid, span => Integers(span, number.BitWidth / 8, random)),
            _ => throw new ArgumentException(type.Name, nameof(type)),
        };
    }

    private static ArrayData Entries(MapType map, int total, Random random, double nulls) => new(
        map.Fields[0].DataType, total, 0, 0, [ArrowBuffer.Empty],
            [Data(map.KeyField.DataType, total, random, 0), Data(map.ValueField.DataType, total, random, nulls)]);

    private static ArrayData Nested(IArrowType type, int rows, int nullCount, ArrowBuffer valid, Random random, Func<int, ArrayData> elements)
    {
        int[] offsets = new int[rows + 1];
        for (int row = 0; row < rows; row++)
        {
            // A null list is empty, as most writers make it; a map has one entry at most, so that keys do not repeat.
            bool isNull = valid.Length > 0 && !BitUtility.GetBit(valid.Span, row);
            offsets[row + 1] = offsets[row] + (isNull ? 0 : random.Next(type is MapType ? 2 : 4));
        }

        return new ArrayData(type, rows, nullCount, 0, [valid, new ArrowBuffer(Bytes<int>(offsets))], [elements(offsets[^1])]);
    }

    private static ArrayData Variable(IArrowType type, int rows, int nullCount, ArrowBuffer valid, Func<byte[]> value)
    {
        int[] offsets = new int[rows + 1];
        List<byte> bytes = [];
        for (int row = 0; row < rows; row++)
        {
            bytes.AddRange(value());
            offsets[row + 1] = bytes.Count;
        }

        return new ArrayData(type, rows, nullCount, 0, [valid, new ArrowBuffer(Bytes<int>(offsets)), new ArrowBuffer(bytes.ToArray())], []);
    }

    private static ArrayData Fixed(IArrowType type, int bytes, int rows, int nullCount, ArrowBuffer valid, FillSpan fill)
    {
        byte[] values = new byte[bytes];
        fill(values);
        return new ArrayData(type, rows, nullCount, 0, [valid, new ArrowBuffer(values)], []);
    }

    private delegate void FillSpan(Span<byte> bytes);

    private static void Each<T>(Span<byte> bytes, Func<T> next)
        where T : unmanaged
    {
        foreach (ref T value in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(bytes))
        {
            value = next();
        }
    }

    private static void Integers(Span<byte> bytes, int width, Random random)
    {
        for (int i = 0; i < bytes.Length; i += width)
        {
            long value = random.Next(8) switch { 0 => long.MinValue >> (64 - (8 * width)), 1 => long.MaxValue >> (64 - (8 * width)), 2 => -1, 3 => 0,
                _ => random.Next(-100, 100) };
            BitConverter.GetBytes(value).AsSpan(0, width).CopyTo(bytes[i..]);
        }
    }

    private static Int128 Number(int precision, Random random)
    {
        Int128 limit = Int128.Parse(new string('9', precision));
        return random.Next(6) switch { 0 => limit, 1 => -limit, 2 => 0, 3 => -1, _ => (Int128)random.Next() * random.Next() % (limit + 1) };
    }

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(values).ToArray();
}
