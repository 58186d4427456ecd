using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>
/// The SQL of a column invariant: as the protocol has it, JSON of <c>{"expression":{"expression":"SQL"}}</c> in a text, or the SQL itself, which
/// other writers leave there.
/// </summary>
internal static class InvariantText
{
    /// <exception cref="UnsupportedFeatureException">It is JSON of another kind.</exception>
    public static string Parse(JsonNode value, string path)
    {
        string text = value is JsonValue single && single.TryGetValue(out string? given) ? given : value.ToJsonString();
        if (!text.TrimStart().StartsWith('{'))
        {
            return text;
        }

        try
        {
            if (JsonNode.Parse(text) is JsonObject rule && rule["expression"] is JsonObject inner && inner["expression"] is JsonValue sql
                && sql.TryGetValue(out string? expression))
            {
                return expression;
            }
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // No JSON, or with a name that is there twice.
            throw Unknown(text, path, error);
        }

        throw Unknown(text, path, null);
    }

    private static UnsupportedFeatureException Unknown(string text, string path, Exception? cause) => new(
        ErrorCodes.ExpressionNotSupported,
            $"This library does not know invariants (feature 'invariants') such as that of the column '{path}': '{text}'.", cause);
}
