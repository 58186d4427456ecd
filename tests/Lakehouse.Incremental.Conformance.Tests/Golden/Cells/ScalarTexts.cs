using System.Globalization;
using System.Numerics;
using System.Text;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>Canonical texts of printed scalars, read as the type the table says.</summary>
internal static class ScalarTexts
{
    public static string Format(IArrowType type, string text, CellMode mode)
    {
        string? form = type switch
        {
            StringType => CellForm.Text(text),
            BinaryType => Binary(text, mode),
            BooleanType => bool.TryParse(text, out bool flag) ? CellForm.Bool(flag) : null,
            FloatType => Float(text, single: true) is { } value ? CellForm.Number(value) : null,
            DoubleType => Float(text, single: false) is { } value ? CellForm.Number(value) : null,
            Int8Type or Int16Type or Int32Type or Int64Type or Decimal128Type => Exact(text),
            Date32Type => CalendarTexts.Days(text) is { } days ? CellForm.Date(days) : null,
            TimestampType => CalendarTexts.Microseconds(text) is { } microseconds ? CellForm.Timestamp(microseconds) : null,
            _ => null,
        };
        return form ?? CellForm.NotOfType(text, type.Name);
    }

    private static string? Exact(string text)
    {
        int exponentAt = text.IndexOfAny(['e', 'E']);
        int exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return null;
        }

        string mantissa = exponentAt < 0 ? text : text[..exponentAt];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int scale = point < 0 ? 0 : mantissa.Length - point - 1;
        string whole = mantissa.Replace(".", "", StringComparison.Ordinal);
        return BigInteger.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger digits)
            ? CellForm.Number(digits, scale - exponent)
            : null;
    }

    /// <summary>A float needs its own rounding, else 0.1 printed by one engine and 0.10000000149011612 by another would differ.</summary>
    private static double? Float(string text, bool single) => text.ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "infinity" or "+inf" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ when single => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : null,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null,
    };

    private static string? Binary(string text, CellMode mode)
    {
        if (mode == CellMode.Printed)
        {
            return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? CellForm.Binary(Convert.FromHexString(text)) : null;
        }

        List<byte> bytes = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x')
            {
                bytes.Add(byte.Parse(text.AsSpan(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 3;
            }
            else
            {
                int length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, length));
                i += length - 1;
            }
        }

        return CellForm.Binary([.. bytes]);
    }
}
