using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;

namespace Lakehouse.Incremental.Columnar.Tests.Support;

/// <summary>Types, values and arrays by chance.</summary>
internal static class Generate
{
    private static readonly Gen<object?> Null = Gen.Const(false).Select(_ => (object?)null);

    public static readonly Gen<IArrowType> Scalar = Pick<IArrowType>(
        BooleanType.Default,
        Int8Type.Default,
        Int16Type.Default,
        Int32Type.Default,
        Int64Type.Default,
        FloatType.Default,
        DoubleType.Default,
        StringType.Default,
        BinaryType.Default,
        Date32Type.Default,
        new TimestampType(TimeUnit.Microsecond, "UTC"),
        new TimestampType(TimeUnit.Microsecond, (string?)null),
        new Decimal128Type(38, 5));

    public static readonly Gen<IArrowType> Any = Nested(3);

    /// <summary>An array with its values, sliced at each level more often than not.</summary>
    public static Gen<(IArrowArray Array, object?[] Values)> ArrayOf(IArrowType type, int minRows = 0, int maxRows = 20) =>
        Gen.Select(Value(type).Array[minRows, maxRows], Gen.Int[0, 9]).Select(t => (ModelArrays.Build(type, t.Item1, t.Item2), t.Item1));

    public static Gen<object?> Value(IArrowType type) => type is NullType
        ? Null
        : Gen.Frequency((1, Null), (4, Solid(type)));

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<object?> Solid(IArrowType type) => type switch
    {
        BooleanType => Gen.Bool.Select(v => (object?)v),
        Int8Type => Gen.SByte.Select(v => (object?)v),
        Int16Type => Gen.Short.Select(v => (object?)v),
        Int32Type or Date32Type => Gen.OneOf(Gen.Int, Gen.Int[-2, 2], Pick(int.MinValue, int.MaxValue)).Select(v => (object?)v),
        Int64Type or TimestampType => Gen.OneOf(Gen.Long, Gen.Long[-2, 2], Pick(long.MinValue, long.MaxValue)).Select(v => (object?)v),
        FloatType => Gen.OneOf(Gen.Float, Pick(0f, -0f, float.NaN, -float.NaN, float.PositiveInfinity, float.Epsilon)).Select(v => (object?)v),
        DoubleType => Gen.OneOf(Gen.Double, Pick(0d, -0d, double.NaN, -double.NaN, double.NegativeInfinity, double.Epsilon)).Select(v => (object?)v),
        Decimal128Type => Gen.OneOf(Gen.Long, Gen.Long[-200000, 200000], Gen.Long[-9, 9]).SelectMany(
            v => Pick((Int128)1, 10, 1000, long.MaxValue), (v, factor) => (object?)(v * factor)),
        StringType => Gen.OneOf(Gen.String[Pick('\0', 'a', 'b', 'é', '\uFFFD'), 0, 4], Pick("", "\0", "a\0", "\U0001F600", "\uFFFD"))
            .Select(v => (object?)v),
        BinaryType => Gen.OneOf(Gen.Byte, Pick<byte>(0, 1, 255)).Array[0, 4].Select(v => (object?)v),
        StructType s => Row([.. s.Fields.Select(f => Value(f.DataType))]),
        ListType l => Value(l.ValueDataType).Array[0, 4].Select(v => (object?)v),
        MapType m => Entries(m),
        _ => throw new ArgumentException(type.Name),
    };

    private static Gen<object?> Entries(MapType type) => Gen.Select(
        Solid(type.KeyField.DataType).Array[0, 4], Value(type.ValueField.DataType).Array[4],
        (keys, values) => (object?)keys.DistinctBy(k => Model.Canonical(k)).Select((k, i) => (object?)new[] { k, values[i] }).ToArray());

    private static Gen<object?> Row(Gen<object?>[] fields) => fields.Aggregate(
        Gen.Const(System.Array.Empty<object?>()), (row, field) => Gen.Select(row, field, (r, f) => (object?[])[.. r, f])).Select(r => (object?)r);

    private static Gen<IArrowType> Nested(int depth) => depth == 0
        ? Scalar
        : Gen.Frequency(
            (3, Scalar),
            (1, Gen.Const<IArrowType>(NullType.Default)),
            (1, Nested(depth - 1).Select(t => (IArrowType)new ListType(new Field("element", t, true)))),
            (1, Gen.Select(Scalar, Nested(depth - 1), (k, v) => (IArrowType)new MapType(new Field("key", k, false), new Field("value", v, true)))),
            (2, Nested(depth - 1).Array[1, 3].Select(types => (IArrowType)Struct(types))));

    private static StructType Struct(IArrowType[] types) => new([.. types.Select((t, i) => new Field("f" + i, t, true))]);
}
