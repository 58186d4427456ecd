using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Constraints;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>
/// What the metadata of an Arrow field says about the column of a new table: its comment, default, expression, invariant and numbering. Other keys
/// belong to whoever made the Arrow schema and are left out.
/// </summary>
internal static class FieldMetadata
{
    private const string Comment = "comment";
    private const string ExistsDefault = "EXISTS_DEFAULT";

    /// <summary>Null when it says nothing.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: a value is not of its kind.</exception>
    public static JsonObject? Of(Field field)
    {
        JsonObject metadata = [];
        foreach ((string key, string value) in field.Metadata ?? new Dictionary<string, string>())
        {
            JsonNode? node = key switch
            {
                Comment or ExistsDefault or RuleKeys.CurrentDefault or RuleKeys.GenerationExpression or RuleKeys.Invariants =>
                    JsonValue.Create(value),
                RuleKeys.IdentityStart or RuleKeys.IdentityStep or RuleKeys.IdentityHighWaterMark => Number(field, key, value),
                RuleKeys.IdentityAllowExplicitInsert => Flag(field, key, value),
                _ => null,
            };
            if (node is not null)
            {
                metadata[key] = node;
            }
        }

        if (metadata.Any(static mark => mark.Key.StartsWith(RuleKeys.IdentityPrefix, StringComparison.Ordinal)))
        {
            metadata.TryAdd(RuleKeys.IdentityStart, JsonValue.Create(1L));
            metadata.TryAdd(RuleKeys.IdentityStep, JsonValue.Create(1L));
            metadata.TryAdd(RuleKeys.IdentityAllowExplicitInsert, JsonValue.Create(false));
        }

        return metadata.Count == 0 ? null : metadata;
    }

    private static JsonValue Number(Field field, string key, string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? JsonValue.Create(number)
            : throw Invalid(field, key, value, "a whole number");

    private static JsonValue Flag(Field field, string key, string value) =>
        bool.TryParse(value, out bool flag) ? JsonValue.Create(flag) : throw Invalid(field, key, value, "true or false");

    private static LakehouseException Invalid(Field field, string key, string value, string expected) => new(
        ErrorCodes.InvalidConfiguration, $"The metadata '{key}' of the column '{field.Name}' is '{value}', which is not {expected}.");
}
