using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>Values of any type, those at the edges more often than chance would have it.</summary>
internal static class RandomValues
{
    // The first and the last day and microsecond of the years 1 and 9999.
    private const int FirstDay = -719_162;
    private const int LastDay = 2_932_896;
    private const long FirstMicrosecond = -62_135_596_800_000_000;
    private const long LastMicrosecond = 253_402_300_799_999_999;

    private static readonly string[] Texts =
    [
        "a", "z", "Zürich", "\u007F", "€", "\U0001F600", "\U0010FFFF", "\uFFFF", "\uFFFD", "a\0b", "{\"}", "a/b=c%2F:d", " ", "null",
        "__HIVE_DEFAULT_PARTITION__",
        new('x', 33), new string('y', 31) + "\U0001F600", "line\nbreak", "'quote\"", "..", "NaN", "1", "\\",
    ];

    private static readonly double[] Doubles =
        [
            0.0, -0.0, 1.5, -1.5, double.MaxValue, double.MinValue, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
            0.1, 1e-7,
        ];

    private static readonly float[] Floats =
        [0f, -0f, 1.5f, -1.5f, float.MaxValue, float.MinValue, float.Epsilon, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.1f];

    /// <summary>A value, or null where nulls are allowed.</summary>
    public static object? Of(IArrowType type, bool nullable, Random random) =>
        type is NullType || (nullable && random.Next(6) == 0) ? null : Present(type, random);

    /// <summary>A value that may stand in a partition column: empty texts are null there and refused.</summary>
    public static object? OfPartition(IArrowType type, bool nullable, Random random)
    {
        object? value = Of(type, nullable, random);
        return value switch
        {
            "" or byte[] { Length: 0 } => OfPartition(type, nullable, random),

            // The log holds bytes as text; others are refused.
            byte[] => System.Text.Encoding.UTF8.GetBytes(OfPartition(Apache.Arrow.Types.StringType.Default, false, random)!.ToString()!),
            _ => value,
        };
    }

    private static object Present(IArrowType type, Random random) => type switch
    {
        StringType => random.Next(8) == 0 ? "" : Texts[random.Next(Texts.Length)],
        BinaryType => Bytes(random),
        BooleanType => random.Next(2) == 0,
        Int8Type => (sbyte)Integer(random, sbyte.MinValue, sbyte.MaxValue),
        Int16Type => (short)Integer(random, short.MinValue, short.MaxValue),
        Int32Type => (int)Integer(random, int.MinValue, int.MaxValue),
        Int64Type => Integer(random, long.MinValue, long.MaxValue),
        FloatType => Floats[random.Next(Floats.Length)],
        DoubleType => Doubles[random.Next(Doubles.Length)],
        Date32Type => (int)Integer(random, FirstDay, LastDay),
        TimestampType when random.Next(3) == 0 => random.NextInt64(FirstMicrosecond, LastMicrosecond),
        TimestampType => Integer(random, FirstMicrosecond, LastMicrosecond),
        Decimal128Type number => Decimal(random, number.Precision),
        ListType list => Enumerable.Range(0, random.Next(4)).Select(_ => Of(list.ValueDataType, list.ValueField.IsNullable, random)).ToList(),
        MapType map => Entries(map, random),
        StructType composite => composite.Fields.Select(field => Of(field.DataType, field.IsNullable, random)).ToArray(),
        _ => throw new ArgumentException(type.Name, nameof(type)),
    };

    private static List<object?> Entries(MapType map, Random random)
    {
        List<object?> entries = [];
        HashSet<object> keys = [];
        foreach (int _ in Enumerable.Range(0, random.Next(4)))
        {
            object key = Present(map.KeyField.DataType, random);
            if (keys.Add(key))
            {
                entries.Add(new[] { key, Of(map.ValueField.DataType, map.ValueField.IsNullable, random) });
            }
        }

        return entries;
    }

    private static long Integer(Random random, long least, long greatest) => random.Next(6) switch
    {
        0 => least,
        1 => greatest,
        2 => 0,
        3 => -1,
        _ => random.Next(-100, 100),
    };

    private static Int128 Decimal(Random random, int precision)
    {
        Int128 greatest = Int128.Parse(new string('9', precision));
        return random.Next(6) switch
        {
            0 => greatest,
            1 => -greatest,
            2 => 0,
            3 => -1,
            _ => (Int128)random.NextInt64() * random.Next() % (greatest + 1),
        };
    }

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(5)];
        random.NextBytes(bytes);
        return bytes;
    }
}
