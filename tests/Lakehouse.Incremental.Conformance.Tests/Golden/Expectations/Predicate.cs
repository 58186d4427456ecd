using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>Conditions that the manifest tells for printed tables, such as <c>id > 3</c> or <c>n IS NOT NULL AND part = 'a'</c>.</summary>
internal static partial class Predicate
{
    /// <summary>
    /// The condition under which a print was made, from the expectation, or from quoted conditions of the notes, one for each function that
    /// printed a table; null when there is none.
    /// </summary>
    public static Filter? Of(GoldenTable table, string printName)
    {
        if (Json.Text(table.Expected, "predicate") is { } one)
        {
            return Parse(one);
        }

        if (Json.Text(Json.Get(table.Expected, "predicate"), printName) is { } named)
        {
            return Parse(named);
        }

        List<string> functions = [.. (Json.Items(table.Expected, "functions") ?? []).Select(f => f.GetString()!)];
        string[] quoted = [.. Quoted().Matches(table.Notes).Select(m => m.Groups["condition"].Value)];
        int function = functions.IndexOf(printName);
        return function >= 0 && quoted.Length == functions.Count ? Parse(quoted[function]) : null;
    }

    private static Filter Parse(string text) =>
        text.Split(" AND ").Select(Condition).Aggregate((left, right) => left & right);

    private static Filter Condition(string text)
    {
        Match match = Comparison().Match(text.Trim());
        if (!match.Success)
        {
            throw new InvalidDataException($"The condition '{text}' of the manifest is not understood.");
        }

        FilterColumn column = Filter.Column(match.Groups["column"].Value);
        object? literal = Literal(match.Groups["literal"].Value);
        return match.Groups["operator"].Value.ToUpperInvariant() switch
        {
            "IS NULL" => column.IsNull(),
            "IS NOT NULL" => column.IsNotNull(),
            "=" or "==" => column.EqualTo(literal),
            "!=" or "<>" => column.NotEqualTo(literal),
            "<" => column.LessThan(literal),
            "<=" => column.LessThanOrEqualTo(literal),
            ">" => column.GreaterThan(literal),
            _ => column.GreaterThanOrEqualTo(literal),
        };
    }

    private static object? Literal(string text) => text switch
    {
        ['\'', .. var inner, '\''] => inner,
        "true" or "false" => text == "true",
        _ when long.TryParse(text, CultureInfo.InvariantCulture, out long whole) => whole,
        _ when decimal.TryParse(text, CultureInfo.InvariantCulture, out decimal number) => number,
        _ => null,
    };

    [GeneratedRegex(@"""(?<condition>[^""]+ (IS NULL|IS NOT NULL|[=<>!]+ [^""]+))""", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"^(?<column>\w+)\s*(?<operator>IS NULL|IS NOT NULL|[=<>!]+)\s*(?<literal>.*)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Comparison();
}
