using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>A row with a value of every type, and a row of nulls; the same values as a SQL condition.</summary>
internal static class AllTypes
{
    private static readonly StructType Inner = new([new Field("x", Int32Type.Default, true), new Field("tags", new ListType(new Field("element", StringType.Default, true)), true)]);

    public static Schema Schema { get; } = new(
        [
            new Field("c_string", StringType.Default, true), new Field("c_long", Int64Type.Default, true), new Field("c_int", Int32Type.Default, true),
            new Field("c_short", Int16Type.Default, true), new Field("c_byte", Int8Type.Default, true), new Field("c_float", FloatType.Default, true),
            new Field("c_double", DoubleType.Default, true), new Field("c_bool", BooleanType.Default, true), new Field("c_binary", BinaryType.Default, true),
            new Field("c_date", Date32Type.Default, true), new Field("c_ts", new TimestampType(TimeUnit.Microsecond, "UTC"), true),
            new Field("c_ntz", new TimestampType(TimeUnit.Microsecond, (string?)null), true), new Field("c_dec", new Decimal128Type(38, 10), true),
            new Field("c_small", new Decimal128Type(5, 2), true), new Field("c_struct", Inner, true),
            new Field("c_map", new MapType(new Field("key", StringType.Default, false), new Field("value", Int64Type.Default, true)), true),
        ],
        null);

    public static string SqlCondition => string.Join(" AND ",
        "c_string = 'grün'", "c_long = -9223372036854775808", "c_int = 2147483647", "c_short = -32768", "c_byte = -128", "c_float = 1.5", "c_double = 5e-324",
        "c_bool", "c_binary = '\\x00\\xFF'::BLOB", "c_date = DATE '1582-10-15'", "c_ts = TIMESTAMPTZ '2024-02-29 12:34:56.789012+00'",
        "c_ntz = TIMESTAMP '0001-01-01 00:00:00.000001'", "c_dec = -1234567890123456789012345678.0123456789::DECIMAL(38,10)", "c_small = 123.45",
        "c_struct.x = 7", "c_struct.tags = ['a', NULL]", "c_map['k'] = 9");

    public static RecordBatch Batch()
    {
        (string Name, object? Value)[] scalars =
        [
            ("c_string", "grün"), ("c_long", long.MinValue), ("c_int", int.MaxValue), ("c_short", short.MinValue), ("c_byte", sbyte.MinValue), ("c_float", 1.5f),
            ("c_double", double.Epsilon), ("c_bool", true), ("c_binary", (byte[])[0, 255]), ("c_date", -141_427), ("c_ts", 1_709_210_096_789_012L),
            ("c_ntz", -62_135_596_799_999_999L), ("c_dec", Int128.Parse("-12345678901234567890123456780123456789")), ("c_small", (Int128)12_345),
        ];
        List<IArrowArray> columns = [.. scalars.Select(s => ConstantArray.Create(Schema.GetFieldByName(s.Name).DataType, s.Value, 1)), Struct(), Map()];
        RecordBatch row = new(Schema, columns, 1);
        return TakeKernel.Take(row, [0, -1]);
    }

    private static StructArray Struct()
    {
        ListArray.Builder tags = new(new Field("element", StringType.Default, true));
        tags.Append();
        ((StringArray.Builder)tags.ValueBuilder).Append("a").AppendNull();
        return new StructArray(Inner, 1, [new Int32Array.Builder().Append(7).Build(), tags.Build()], ArrowBuffer.Empty, 0);
    }

    private static MapArray Map()
    {
        MapArray.Builder map = new((MapType)Schema.GetFieldByName("c_map").DataType);
        map.Append();
        ((StringArray.Builder)map.KeyBuilder).Append("k");
        ((Int64Array.Builder)map.ValueBuilder).Append(9);
        return map.Build();
    }
}
