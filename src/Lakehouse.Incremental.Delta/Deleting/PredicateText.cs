using System.Globalization;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Delta.Deleting;

/// <summary>A filter as the SQL text that goes into the history of a table. It is for people; nothing reads it back.</summary>
internal static class PredicateText
{
    private const int MaxLiterals = 100;

    /// <summary>The text; <c>true</c> for no filter.</summary>
    public static string Of(Filter? filter) => filter switch
    {
        null => "true",
        JunctionFilter j => $"({Of(j.Left)} {(j.IsAnd ? "AND" : "OR")} {Of(j.Right)})",
        NotFilter { Inner: NullFilter isNull } => $"({Name(isNull.Name)} IS NOT NULL)",
        NotFilter not => $"(NOT {Of(not.Inner)})",
        NullFilter isNull => $"({Name(isNull.Name)} IS NULL)",
        ComparisonFilter c => $"({Name(c.Name)} {Sign(c.Comparison)} {Literal(c.Literal)})",
        InFilter list => $"({Name(list.Name)} IN ({Literals(list.Literals)}))",
        _ => $"({string.Join(", ", filter.Columns.Select(Name))})",
    };

    private static string Name(string column) =>
        column.Length > 0 && column.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(column[0])
            ? column
            : $"`{column.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "<>",
        Comparison.LessThan => "<",
        Comparison.LessThanOrEqual => "<=",
        Comparison.GreaterThan => ">",
        _ => ">=",
    };

    private static string Literals(IReadOnlyList<object?> literals)
    {
        string text = string.Join(", ", literals.Take(MaxLiterals).Select(Literal));
        return literals.Count <= MaxLiterals
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text}, ... {literals.Count - MaxLiterals} more");
    }

    private static string Literal(object? literal) => literal switch
    {
        null => "NULL",
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        bool flag => flag ? "true" : "false",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        DateOnly date => string.Create(CultureInfo.InvariantCulture, $"DATE '{date:yyyy-MM-dd}'"),
        DateTimeOffset instant => string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{instant.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFFFF}Z'"),
        DateTime { Kind: DateTimeKind.Utc } instant => Literal(new DateTimeOffset(instant)),
        DateTime local => string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP_NTZ '{local:yyyy-MM-ddTHH:mm:ss.FFFFFF}'"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => literal.GetType().Name,
    };
}
