using System.Globalization;
using System.Numerics;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>Numbers to text and back as Spark's casts do it.</summary>
internal static class NumberText
{
    private const int MaxDigits = 400;
    private static readonly System.Buffers.SearchValues<char> NumberCharacters = System.Buffers.SearchValues.Create("0123456789+-.eE");

    /// <summary>The shortest digits that tell the number, plain between a thousandth and ten million, else with an exponent.</summary>
    public static string Format(double value) => Format(value, value.ToString("R", CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Format(double)"/>
    public static string Format(float value) => Format(value, value.ToString("R", CultureInfo.InvariantCulture));

    private static string Format(double value, string shortest)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }

        string sign = shortest.StartsWith('-') ? "-" : "";
        (string digits, int exponent) = Scientific(shortest.TrimStart('-'));
        if (digits == "0")
        {
            return sign + "0.0";
        }

        if (exponent is < -3 or >= 7)
        {
            string fraction = digits.Length == 1 ? "0" : digits[1..];
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{fraction}E{exponent}");
        }

        if (exponent < 0)
        {
            return sign + "0." + new string('0', -exponent - 1) + digits;
        }

        string whole = digits.Length > exponent ? digits[..(exponent + 1)] : digits.PadRight(exponent + 1, '0');
        return sign + whole + "." + (digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0");
    }

    public static string Format(Int128 unscaled, int scale) => Columnar.CellText.Decimal(unscaled, scale);

    /// <summary>A whole number; a fraction is cut off. Null for what is none, or none of that many bits.</summary>
    public static long? ParseWhole(string text)
    {
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        int point = number.IndexOf('.');
        if (point >= 0)
        {
            if (number[(point + 1)..].ContainsAnyExceptInRange('0', '9'))
            {
                return null;
            }

            // "." has no digit at all; ".5" is 0.
            bool hasWhole = number[..point].ContainsAnyInRange('0', '9');
            if (!hasWhole)
            {
                return number.Length > point + 1 && number[..point] is "" or "-" or "+" ? 0 : null;
            }

            number = number[..point];
        }

        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
    }

    public static double? ParseDouble(string text)
    {
        string number = text.Trim();
        string name = number.TrimStart('+', '-').ToUpperInvariant();
        if (name is "INFINITY" or "INF" or "NAN")
        {
            return name == "NAN" ? double.NaN : number.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
        }

        number = number.Length > 1 && number[^1] is 'd' or 'D' or 'f' or 'F' ? number[..^1] : number;
        bool plain = !number.AsSpan().ContainsAnyExcept(NumberCharacters);
        return plain && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>The digits of a decimal and how many are behind the point. Null for what is no number.</summary>
    public static (BigInteger Unscaled, int Scale)? ParseDecimal(string text)
    {
        string number = text.Trim();
        int exponent = 0;
        int e = number.IndexOfAny(['e', 'E']);
        if (e >= 0)
        {
            if (!int.TryParse(number.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs((long)exponent) > MaxDigits)
            {
                return null;
            }

            number = number[..e];
        }

        int point = number.IndexOf('.', StringComparison.Ordinal);
        int scale = point < 0 ? 0 : number.Length - point - 1;
        string digits = point < 0 ? number : number.Remove(point, 1);
        if (digits.Length > MaxDigits || (point >= 0 && number.AsSpan(point + 1).ContainsAnyExceptInRange('0', '9'))
            || !BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value))
        {
            return null;
        }

        scale -= exponent;
        return scale < 0 ? (value * BigInteger.Pow(10, -scale), 0) : (value, scale);
    }

    /// <summary>A double by its shortest digits, as they are read; null when it does not fit.</summary>
    public static Int128? ToDecimal(double value, DecimalType type) =>
        ParseDecimal(value.ToString("R", CultureInfo.InvariantCulture)) is { } number ? DecimalMath.Fit(number.Unscaled, number.Scale, type) : null;

    public static double ToDouble(Int128 unscaled, int scale)
    {
        // Both are exact doubles, so the quotient is rounded once.
        if (Int128.Abs(unscaled) <= 1L << 53 && scale <= 22)
        {
            return (double)unscaled / Math.Pow(10, scale);
        }

        return double.Parse(
            string.Create(CultureInfo.InvariantCulture, $"{unscaled}E-{scale}"), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    // Digits without the point and without zeros at the end, and the exponent of the first.
    private static (string Digits, int Exponent) Scientific(string shortest)
    {
        int e = shortest.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? shortest : shortest[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        string significant = digits.TrimStart('0');
        if (significant.Length == 0)
        {
            return ("0", 0);
        }

        return (significant.TrimEnd('0'), exponent - (digits.Length - significant.Length));
    }
}
