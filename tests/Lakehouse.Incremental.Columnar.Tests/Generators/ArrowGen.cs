using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;

namespace Lakehouse.Incremental.Columnar.Tests.Generators;

/// <summary>Canonical types nested up to a depth, values of them, and arrays that are slices as often as not.</summary>
internal static class ArrowGen
{
    public static IReadOnlyList<IArrowType> Scalars { get; } =
    [
        StringType.Default, BinaryType.Default, BooleanType.Default, Int8Type.Default, Int16Type.Default, Int32Type.Default, Int64Type.Default,
        FloatType.Default, DoubleType.Default, Date32Type.Default, new TimestampType(TimeUnit.Microsecond, "UTC"),
            new TimestampType(TimeUnit.Microsecond, (string?)null),
        new Decimal128Type(38, 10), new Decimal128Type(9, 2), new Decimal128Type(5, 0),
    ];

    public static Gen<IArrowType> Scalar { get; } = Gen.Int[0, Scalars.Count - 1].Select(i => Scalars[i]);

    private static Gen<IArrowType> MapKey { get; } = OneOf<IArrowType>(StringType.Default, Int32Type.Default, Date32Type.Default);

    /// <summary>Any canonical type.</summary>
    public static Gen<IArrowType> Type(int depth)
    {
        if (depth == 0)
        {
            return Gen.Frequency((12, Scalar), (1, Gen.Const<IArrowType>(NullType.Default)));
        }

        Gen<IArrowType> inner = Type(depth - 1);
        return Gen.Frequency(
            (2, inner),
            (2, inner.Select(List)),
            (2, Gen.Select(MapKey, inner, Map)),
            (3, inner.Array[1, 3].Select(Struct)));
    }

    public static IArrowType List(IArrowType element) => new ListType(new Field("element", element, true));

    public static IArrowType Map(IArrowType key, IArrowType value) => new MapType(new Field("key", key, false), new Field("value", value, true),
        false);

    public static IArrowType Struct(params IArrowType[] fields) => new StructType(fields.Select((t, i) => new Field("f" + i, t, true)).ToList());

    /// <summary>A value of a type, null now and then.</summary>
    public static Gen<object?> Value(IArrowType type) => type is NullType
        ? Gen.Const((object?)null)
        : Gen.Frequency((1, Gen.Const((object?)null)), (5, Present(type)));

    /// <summary>A value of a type that is not null.</summary>
    public static Gen<object?> Present(IArrowType type) => type switch
    {
        StringType => OneOf<string>("", "a", "ab", "a\0", "a\0b", "\0", "\u00e9", "\U0001F600", "z z").Select(object? (v) => v),
        BinaryType => Gen.Byte.Array[0, 4].Select(object? (v) => v),
        BooleanType => Gen.Bool.Select(object? (v) => v),
        Int8Type => Gen.SByte.Select(object? (v) => v),
        Int16Type => Gen.Short.Select(object? (v) => v),
        Int32Type => Gen.Int.Select(object? (v) => v),
        Int64Type => Gen.OneOf(Gen.Long, OneOf(long.MinValue, -1, 0, 1, long.MaxValue)).Select(object? (v) => v),
        FloatType => Gen.OneOf(Gen.Float,
            OneOf(-0f, 0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon)).Select(object? (v) => v),
        DoubleType => Gen.OneOf(Gen.Double,
            OneOf(-0d, 0d, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon)).Select(object? (v) => v),
        Date32Type => Gen.Int[-719_162, 2_932_896].Select(object? (v) => v),
        TimestampType => Gen.Long[-60_000_000_000_000_000, 250_000_000_000_000_000].Select(object? (v) => v),
        Decimal128Type { Precision: > 18 } => Gen.Select(Gen.Long, Gen.Int[0, 1_000_000_000],
            object? (high, low) => ((Int128)high * 1_000_000_000) + low),
        Decimal128Type { Precision: > 5 } => Gen.Int[-999_999_999, 999_999_999].Select(object? (v) => (Int128)v),
        Decimal128Type => Gen.Int[-99_999, 99_999].Select(object? (v) => (Int128)v),
        ListType list => Value(list.ValueDataType).List[0, 3].Select(object? (v) => v),
        MapType map => Entries(map),
        StructType composite => composite.Fields.Aggregate(
            Gen.Const(System.Array.Empty<object?>()),
            (row, field) => Gen.Select(row, Value(field.DataType), object?[] (values, next) => [.. values, next])).Select(object? (v) => v),
        _ => throw new ArgumentException($"No values of type {type.Name}.", nameof(type)),
    };

    /// <summary>Values with the array that holds them, as a slice or whole.</summary>
    public static Gen<GenArray> Array(IArrowType type, int rows) =>
        from values in Value(type).List[rows, rows]
        from before in Gen.Frequency((1, Gen.Const(0)), (1, Gen.Int[1, 11]))
        from after in Gen.Int[0, 3]
        select new GenArray(type, values, Cells.Slice(type, values, before, after));

    /// <summary>An array of any type.</summary>
    public static Gen<GenArray> AnyArray { get; } =
        from type in Type(3)
        from rows in Gen.Int[0, 20]
        from array in Array(type, rows)
        select array;

    private static Gen<object?> Entries(MapType map) =>
        from keys in Present(map.KeyField.DataType).Array[0, 3]
        from values in Value(map.ValueField.DataType).Array[3]
        select (object?)keys.Distinct().OrderBy(k => k!.ToString(),
            StringComparer.Ordinal).Select((k, i) => (object?)new[] { k, values[i] }).ToList();

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
