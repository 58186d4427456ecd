using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Schemas;
using ListType = Apache.Arrow.Types.ListType;
using MapType = Lakehouse.Incremental.Delta.Schemas.MapType;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Schema text to Delta and Arrow types, as a snapshot shows them.</summary>
internal static class SchemaBridge
{
    public static StructType Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return (StructType)Type(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException
            or KeyNotFoundException or InvalidCastException or FormatException or OverflowException)
        {
            throw new CorruptTableException(ErrorCodes.CorruptLog, $"The schema cannot be read: {error.Message}", error);
        }
    }

    public static Schema ToArrow(StructType type) => new(type.Fields.Select(ToArrow).ToList(), null);

    private static DataType Type(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? Primitive(element.GetString()!)
        : element.GetProperty("type").GetString() switch
        {
            "struct" => new StructType([.. element.GetProperty("fields").EnumerateArray().Select(Field)]),
            "array" => new ArrayType(Type(element.GetProperty("elementType")), element.GetProperty("containsNull").GetBoolean()),
            "map" => new MapType(
                Type(element.GetProperty("keyType")), Type(element.GetProperty("valueType")), element.GetProperty("valueContainsNull").GetBoolean()),
            { } other => throw new JsonException($"unknown type {other}"),
            null => throw new JsonException("no type"),
        };

    private static StructField Field(JsonElement element) => new(
        element.GetProperty("name").GetString()!,
        Type(element.GetProperty("type")),
        element.GetProperty("nullable").GetBoolean(),
        element.TryGetProperty("metadata", out JsonElement metadata) ? JsonObject.Create(metadata.Clone()) : null);

    private static DataType Primitive(string name)
    {
        if (name.StartsWith("decimal", StringComparison.Ordinal))
        {
            string[] parts = name["decimal".Length..].Trim('(', ')').Split(',');
            return parts.Length == 2
                ? new DecimalType(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture))
                : new DecimalType(10, 0);
        }

        PrimitiveType[] all =
        [
            PrimitiveType.String, PrimitiveType.Long, PrimitiveType.Integer, PrimitiveType.Short, PrimitiveType.Byte, PrimitiveType.Float,
            PrimitiveType.Double, PrimitiveType.Boolean, PrimitiveType.Binary, PrimitiveType.Date, PrimitiveType.Timestamp,
            PrimitiveType.TimestampNtz, PrimitiveType.Void, PrimitiveType.Variant,
        ];
        return all.FirstOrDefault(type => type.Name == name) ?? throw new JsonException($"unknown type {name}");
    }

    private static Field ToArrow(StructField field) => new(field.Name, ToArrow(field.Type), field.Nullable);

    private static IArrowType ToArrow(DataType type) => type switch
    {
        DecimalType number => new Decimal128Type(number.Precision, number.Scale),
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
            _ => NullType.Default,
        },
        _ => throw new ArgumentException("unknown type", nameof(type)),
    };
}
