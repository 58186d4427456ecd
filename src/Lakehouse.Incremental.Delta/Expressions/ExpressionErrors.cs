using System.Globalization;

namespace Lakehouse.Incremental.Delta.Expressions;

/// <summary>The errors of SQL expressions, with the text they speak of.</summary>
internal static class ExpressionErrors
{
    private const int LongestQuote = 200;

    /// <summary>The text is no expression, or none over these columns.</summary>
    public static LakehouseException Invalid(string what, string sql, int position) => new(
        ErrorCodes.ExpressionInvalid,
        string.Create(CultureInfo.InvariantCulture, $"The SQL expression '{Quote(sql)}' is not valid: {what} (at character {position + 1})."));

    /// <summary>The text is no expression, or none over these columns.</summary>
    public static LakehouseException Invalid(string what) => new(ErrorCodes.ExpressionInvalid, $"The SQL expression is not valid: {what}.");

    /// <summary>The expression may well be valid, but not all of it is known here.</summary>
    public static UnsupportedFeatureException Unsupported(string what) => new(
        ErrorCodes.ExpressionNotSupported, $"This library does not know {what} in SQL expressions.");

    /// <summary>The expression has no result for a row.</summary>
    public static InvalidRowsException Failed(string why) => new(ErrorCodes.ExpressionFailed, $"An SQL expression has no result: {why}.");

    /// <summary>A result does not fit its type.</summary>
    public static InvalidRowsException Overflow(string what) => new(
        ErrorCodes.Overflow, $"The result of an SQL expression does not fit its type: {what}.");

    public static string Quote(string sql) => sql.Length <= LongestQuote ? sql : sql[..LongestQuote] + "…";
}
