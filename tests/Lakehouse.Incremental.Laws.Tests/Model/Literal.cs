using System.Globalization;
using System.Text;

namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>Values as C# that makes them again, bit for bit.</summary>
internal static class Literal
{
    public static string Of(IEnumerable<object?> values) => string.Join(", ", values.Select(Of));

    public static string Of(object? value) => value switch
    {
        null => "null",
        Unset => "Unset.Cell",
        string s => Text(s),
        long l => Invariant($"{l}L"),
        int i => Invariant($"{i}"),
        short s => Invariant($"(short){s}"),
        double d when double.IsNaN(d) => Invariant($"BitConverter.Int64BitsToDouble({BitConverter.DoubleToInt64Bits(d)}L)"),
        double d when double.IsInfinity(d) => d > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity",
        double d => Invariant($"{d:R}d"),
        float f when float.IsNaN(f) => Invariant($"BitConverter.Int32BitsToSingle({BitConverter.SingleToInt32Bits(f)})"),
        float f when float.IsInfinity(f) => f > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity",
        float f => Invariant($"{f:R}f"),
        decimal m => Invariant($"{m}m"),
        DateOnly d => Invariant($"new DateOnly({d.Year}, {d.Month}, {d.Day})"),
        DateTimeOffset t => Invariant($"new DateTimeOffset({t.Ticks}L, TimeSpan.Zero)"),
        DateTime t => Invariant($"new DateTime({t.Ticks}L)"),
        bool b => b ? "true" : "false",
        byte[] b => $"new byte[] {{ {string.Join(", ", b)} }}",
        _ => throw new ArgumentException($"{value.GetType()} is no type of the model"),
    };

    private static string Text(string value)
    {
        StringBuilder text = new("\"");
        foreach (char c in value)
        {
            _ = c is < ' ' or > '~' or '"' or '\\' ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}") : text.Append(c);
        }

        return text.Append('"').ToString();
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
