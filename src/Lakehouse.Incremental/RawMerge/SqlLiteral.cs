using System.Globalization;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Values of .NET as SQL writes them, so that reading the text gives the same value again.</summary>
internal static class SqlLiteral
{
    public static string Of(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Of(bool value) => value ? "true" : "false";

    public static string Of(int value) => Number(value, "");

    public static string Of(long value) => Number(value, "L");

    public static string Of(decimal value) => Number(value, "BD");

    public static string Of(double value) =>
        double.IsNaN(value) ? "CAST('NaN' AS DOUBLE)"
        : double.IsInfinity(value) ? $"CAST('{(value > 0 ? "" : "-")}Infinity' AS DOUBLE)"
        : Number(value, "D");

    public static string Of(DateOnly value) => $"DATE '{value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'";

    public static string Of(DateTimeOffset value) => $"TIMESTAMP '{Micros(value.UtcDateTime)}Z'";

    public static string Of(DateTime value) => value.Kind == DateTimeKind.Utc ? $"TIMESTAMP '{Micros(value)}Z'" : $"TIMESTAMP_NTZ '{Micros(value)}'";

    public static string Of(byte[] value) => $"X'{Convert.ToHexString(value)}'";

    public static string Name(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    // A sign stands in brackets, as two of them would begin a comment.
    private static string Number(IFormattable value, string suffix)
    {
        string text = value.ToString(null, CultureInfo.InvariantCulture) + suffix;
        return text[0] == '-' ? $"({text})" : text;
    }

    private static string Micros(DateTime value) => value.Ticks % TimeSpan.TicksPerMicrosecond == 0
        ? value.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture)
        : throw new ArgumentException("A timestamp of a table has microseconds, and this one is finer.", nameof(value));
}
