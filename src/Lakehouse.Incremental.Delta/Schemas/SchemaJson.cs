using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>The schema as the JSON text of the protocol (protocol notes, section 7). Metadata of fields is kept as it was read.</summary>
internal static class SchemaJson
{
    /// <summary>A level of nesting takes up to four of JSON.</summary>
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 256, AllowDuplicateProperties = false };

    public static StructType Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Reading);
            return (StructType)Type(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException
            or KeyNotFoundException or InvalidCastException or FormatException or OverflowException)
        {
            throw new CorruptTableException(ErrorCodes.CorruptLog, $"The schema cannot be read: {error.Message}", error);
        }
    }

    public static string Write(StructType schema) => ToJson(schema).ToJsonString();

    private static DataType Type(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? Primitive(element.GetString()!)
        : element.GetProperty("type").GetString() switch
        {
            "struct" => Struct(element.GetProperty("fields")),
            "array" => new ArrayType(Type(element.GetProperty("elementType")), element.GetProperty("containsNull").GetBoolean()),
            "map" => new MapType(
                Type(element.GetProperty("keyType")), Type(element.GetProperty("valueType")), element.GetProperty("valueContainsNull").GetBoolean()),
            { } other => throw new JsonException($"unknown type {other}"),
            null => throw new JsonException("no type"),
        };

    private static StructType Struct(JsonElement fields)
    {
        StructType type = new([.. fields.EnumerateArray().Select(Field)]);
        HashSet<string> names = new(StringComparer.Ordinal);
        return type.Fields.FirstOrDefault(field => !names.Add(field.Name)) is { } twice
            ? throw new JsonException($"the field '{twice.Name}' is there twice")
            : type;
    }

    private static StructField Field(JsonElement element) => new(
        element.GetProperty("name").GetString() ?? throw new JsonException("a field without name"),
        Type(element.GetProperty("type")),
        element.GetProperty("nullable").GetBoolean(),
        element.TryGetProperty("metadata", out JsonElement metadata) ? JsonObject.Create(metadata.Clone()) : null);

    /// <summary>The primitive or decimal type of a name; null for a name that is none.</summary>
    public static DataType? TryPrimitive(string name)
    {
        try
        {
            return Primitive(name);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DataType Primitive(string name)
    {
        if (name == "decimal")
        {
            return new DecimalType(10, 0);
        }

        if (name.StartsWith("decimal(", StringComparison.Ordinal) && name.EndsWith(')'))
        {
            return Decimal(name);
        }

        PrimitiveType[] all =
        [
            PrimitiveType.String, PrimitiveType.Long, PrimitiveType.Integer, PrimitiveType.Short, PrimitiveType.Byte, PrimitiveType.Float,
            PrimitiveType.Double, PrimitiveType.Boolean, PrimitiveType.Binary, PrimitiveType.Date, PrimitiveType.Timestamp,
            PrimitiveType.TimestampNtz, PrimitiveType.Void, PrimitiveType.Variant,
        ];
        return all.FirstOrDefault(type => type.Name == name) ?? throw new JsonException($"unknown type {name}");
    }

    private static DecimalType Decimal(string name)
    {
        string[] parts = name["decimal(".Length..^1].Split(',');
        if (parts.Length == 2
            && int.TryParse(parts[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int precision)
            && int.TryParse(parts[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int scale)
            && precision is >= 1 and <= 38
            && scale <= precision)
        {
            return new DecimalType(precision, scale);
        }

        throw new JsonException($"{name} is no decimal type");
    }

    private static JsonNode ToJson(DataType type) => type switch
    {
        PrimitiveType or DecimalType => JsonValue.Create(type.ToString()),
        StructType structure => new JsonObject
        {
            ["type"] = "struct",
            ["fields"] = new JsonArray([.. structure.Fields.Select(f => (JsonNode)new JsonObject
            {
                ["name"] = f.Name,
                ["type"] = ToJson(f.Type),
                ["nullable"] = f.Nullable,
                ["metadata"] = f.Metadata?.DeepClone() ?? new JsonObject(),
            })]),
        },
        ArrayType array => new JsonObject { ["type"] = "array", ["elementType"] = ToJson(array.ElementType), ["containsNull"] = array.ContainsNull },
        MapType map => new JsonObject
        {
            ["type"] = "map",
            ["keyType"] = ToJson(map.KeyType),
            ["valueType"] = ToJson(map.ValueType),
            ["valueContainsNull"] = map.ValueContainsNull,
        },
        _ => throw new ArgumentException("unknown type", nameof(type)),
    };
}
