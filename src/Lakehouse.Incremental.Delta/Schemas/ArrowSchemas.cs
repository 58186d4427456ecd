using Apache.Arrow;
using Apache.Arrow.Types;
using ListType = Apache.Arrow.Types.ListType;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>Delta schemas as canonical Arrow schemas and back.</summary>
internal static class ArrowSchemas
{
    public static Schema ToArrow(StructType type) => new(type.Fields.Select(ToArrow).ToList(), null);

    /// <summary>The Delta columns for Arrow columns; types that Delta lacks become the next that holds all their values.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: a type has no counterpart.</exception>
    public static StructType ToDelta(Schema schema) => new([.. schema.FieldsList.Select(ToDelta)]);

    private static StructField ToDelta(Field field) => new(
        field.Name, VariantSchema.Marks(field) ? PrimitiveType.Variant : ToDelta(field.DataType, field.Name), field.IsNullable, FieldMetadata.Of(field));

    private static DataType ToDelta(IArrowType type, string column) => type switch
    {
        StringType or LargeStringType or StringViewType => PrimitiveType.String,
        Int64Type => PrimitiveType.Long,
        Int32Type or UInt16Type => PrimitiveType.Integer,
        Int16Type or UInt8Type => PrimitiveType.Short,
        Int8Type => PrimitiveType.Byte,
        UInt32Type => PrimitiveType.Long,
        UInt64Type => new DecimalType(20, 0),
        FloatType or HalfFloatType => PrimitiveType.Float,
        DoubleType => PrimitiveType.Double,
        BooleanType => PrimitiveType.Boolean,
        Date32Type or Date64Type => PrimitiveType.Date,
        TimestampType { Timezone: null } => PrimitiveType.TimestampNtz,
        TimestampType => PrimitiveType.Timestamp,
        Decimal32Type d => Decimal(d.Precision, d.Scale, column),
        Decimal64Type d => Decimal(d.Precision, d.Scale, column),
        Decimal128Type d => Decimal(d.Precision, d.Scale, column),
        Decimal256Type d => Decimal(d.Precision, d.Scale, column),
        BinaryType or LargeBinaryType or BinaryViewType => PrimitiveType.Binary,
        FixedSizeBinaryType => PrimitiveType.Binary,
        NullType => PrimitiveType.Void,
        DictionaryType d => ToDelta(d.ValueType, column),
        Apache.Arrow.Types.StructType s => new StructType([.. s.Fields.Select(ToDelta)]),
        Apache.Arrow.Types.MapType m =>
            new MapType(ToDelta(m.KeyField.DataType, column), ToDelta(m.ValueField.DataType, column), m.ValueField.IsNullable),
        ListType l => new ArrayType(ToDelta(l.ValueDataType, column), l.ValueField.IsNullable),
        LargeListType l => new ArrayType(ToDelta(l.ValueDataType, column), l.ValueField.IsNullable),
        FixedSizeListType l => new ArrayType(ToDelta(l.ValueDataType, column), l.ValueField.IsNullable),
        _ => throw new LakehouseException(ErrorCodes.InvalidConfiguration, $"Column {column}: Delta has no type for Arrow's {type.Name}."),
    };

    private static DecimalType Decimal(int precision, int scale, string column) => precision is >= 1 and <= 38 && scale >= 0 && scale <= precision
        ? new DecimalType(precision, scale)
        : throw new LakehouseException(ErrorCodes.InvalidConfiguration,
            $"Column {column}: Delta has no decimals of precision {precision} and scale {scale}.");

    /// <summary>A column. A variant is marked by the metadata of its field, because its Arrow type is a struct like any other.</summary>
    public static Field ToArrow(StructField field) =>
        new(field.Name, ToArrow(field.Type), field.Nullable, field.Type == PrimitiveType.Variant ? VariantSchema.Mark : null);

    public static IArrowType ToArrow(DataType type) => type switch
    {
        DecimalType number => new Decimal128Type(number.Precision, number.Scale),
        StructType { Fields.Count: 0 } => throw new UnsupportedFeatureException(
            ErrorCodes.UnsupportedFeature, "A column is a struct without fields, which neither Arrow nor Parquet can hold."),
        StructType structure => new Apache.Arrow.Types.StructType([.. structure.Fields.Select(ToArrow)]),
        ArrayType array => new ListType(new Field("element", ToArrow(array.ElementType), array.ContainsNull)),
        MapType map => new Apache.Arrow.Types.MapType(
            new Field("key", ToArrow(map.KeyType), false), new Field("value", ToArrow(map.ValueType), map.ValueContainsNull)),
        PrimitiveType primitive => primitive.Name switch
        {
            "string" => StringType.Default,
            "long" => Int64Type.Default,
            "integer" => Int32Type.Default,
            "short" => Int16Type.Default,
            "byte" => Int8Type.Default,
            "float" => FloatType.Default,
            "double" => DoubleType.Default,
            "boolean" => BooleanType.Default,
            "binary" => BinaryType.Default,
            "date" => Date32Type.Default,
            "timestamp" => new TimestampType(TimeUnit.Microsecond, "UTC"),
            "timestamp_ntz" => new TimestampType(TimeUnit.Microsecond, (string?)null),
            "variant" => VariantSchema.Storage,
            _ => NullType.Default,
        },
        _ => throw new ArgumentException("unknown type", nameof(type)),
    };
}
