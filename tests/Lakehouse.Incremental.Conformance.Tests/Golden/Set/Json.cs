using System.Globalization;
using System.Text.Json;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>Fields of JSON objects that may be missing, null, or of a neighbouring type.</summary>
internal static class Json
{
    /// <summary>A field; an undefined element when it is missing or null, or when the parent is not an object.</summary>
    public static JsonElement Get(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : default;

    public static string? Text(JsonElement parent, string name) =>
        Get(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static long? Number(JsonElement parent, string name) => Get(parent, name) switch
    {
        { ValueKind: JsonValueKind.Number } value => value.GetInt64(),
        { ValueKind: JsonValueKind.String } value when long.TryParse(value.GetString(), CultureInfo.InvariantCulture, out long number) => number,
        _ => null,
    };

    public static bool Flag(JsonElement parent, string name) => Get(parent, name).ValueKind == JsonValueKind.True;

    public static IReadOnlyList<JsonElement>? Items(JsonElement parent, string name) =>
        Get(parent, name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : null;
}
