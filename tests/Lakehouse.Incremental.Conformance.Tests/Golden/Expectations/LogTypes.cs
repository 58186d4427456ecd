using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>The types of the log's schema and of the columns the library returns, in one notation, so that they can be compared.</summary>
internal static class LogTypes
{
    /// <summary>Name and type of each field of a struct of the log.</summary>
    public static IEnumerable<string> Of(JsonElement composite) =>
        composite.GetProperty("fields").EnumerateArray().Select(field => $"{Json.Text(field, "name")} {Type(field.GetProperty("type"))}");

    /// <summary>Name and type of each column.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<Field> fields) => fields.Select(field => $"{field.Name} {Type(field.DataType)}");

    private static string Type(JsonElement type) => type.ValueKind == JsonValueKind.String ? Named(type.GetString()!) : Json.Text(type, "type") switch
    {
        "struct" => $"struct({string.Join(", ", Of(type).Order(StringComparer.Ordinal))})",
        "array" => $"array({Type(type.GetProperty("elementType"))})",
        _ => $"map({Type(type.GetProperty("keyType"))}, {Type(type.GetProperty("valueType"))})",
    };

    private static string Named(string name) => name switch
    {
        "variant" => "struct(metadata binary, value binary)",
        "null" => "void",
        "decimal" => "decimal(10,0)",
        _ => name.Replace(" ", "", StringComparison.Ordinal),
    };

    private static string Type(IArrowType type) => type switch
    {
        StructType composite => $"struct({string.Join(", ", Of(composite.Fields).Order(StringComparer.Ordinal))})",
        MapType map => $"map({Type(map.KeyField.DataType)}, {Type(map.ValueField.DataType)})",
        ListType list => $"array({Type(list.ValueDataType)})",
        Decimal128Type number => FormattableString.Invariant($"decimal({number.Precision},{number.Scale})"),
        TimestampType timestamp => timestamp.Timezone is null ? "timestamp_ntz" : "timestamp",
        Int8Type => "byte",
        Int16Type => "short",
        Int32Type => "integer",
        Int64Type => "long",
        FloatType => "float",
        DoubleType => "double",
        BooleanType => "boolean",
        StringType => "string",
        BinaryType => "binary",
        Date32Type => "date",
        NullType => "void",
        _ => type.Name,
    };
}
