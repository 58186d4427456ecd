using System.Globalization;
using System.Numerics;
using System.Text;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>
/// The canonical text of a value: equal values have one text whatever type, engine or print they come from, and others have other texts.
/// Numbers are exact, so 5, 5.00 and 5e0 are one; negative zero is zero, as the dumps do not keep its sign.
/// </summary>
internal static class CellForm
{
    public const string Null = "null";

    public static string Text(string value)
    {
        StringBuilder text = new("'");
        foreach (char c in value)
        {
            text.Append(c is '\'' or '\\' ? "\\" : "").Append(char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString());
        }

        return text.Append('\'').ToString();
    }

    public static string Binary(ReadOnlySpan<byte> value) => "x" + Convert.ToHexStringLower(value);

    public static string Bool(bool value) => value ? "true" : "false";

    public static string Number(BigInteger unscaled, int scale)
    {
        while (scale > 0 && !unscaled.IsZero && unscaled % 10 == 0)
        {
            unscaled /= 10;
            scale--;
        }

        if (unscaled.IsZero || scale <= 0)
        {
            return (unscaled * BigInteger.Pow(10, unscaled.IsZero ? 0 : -scale)).ToString(CultureInfo.InvariantCulture);
        }

        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }

    public static string Number(double value) => value is 0 ? "0" : value.ToString("R", CultureInfo.InvariantCulture);

    public static string Date(long days) => FormattableString.Invariant($"day {days}");

    public static string Timestamp(long microseconds) => FormattableString.Invariant($"µs {microseconds}");

    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>The order of fields and of map entries does not matter.</summary>
    public static string Struct(IEnumerable<(string Name, string Value)> fields) =>
        $"{{{string.Join(", ", fields.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => $"{Text(f.Name)}: {f.Value}"))}}}";

    /// <inheritdoc cref="Struct"/>
    public static string Map(IEnumerable<(string Key, string Value)> entries) =>
        $"({string.Join(", ", entries.Select(e => $"{e.Key} -> {e.Value}").Order(StringComparer.Ordinal))})";

    /// <summary>A text that is not a value of the type; no value has this form.</summary>
    public static string NotOfType(string text, string type) => $"<'{text}' is no {type}>";
}
