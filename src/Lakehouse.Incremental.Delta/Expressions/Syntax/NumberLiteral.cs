using System.Globalization;
using System.Numerics;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>
/// The type and value of a number as it is written: an int, else a long, else a decimal, by its size; a decimal of just its digits with a point; a
/// double with an exponent; what the suffix says (Y, S, L, F, D, BD).
/// </summary>
internal static class NumberLiteral
{
    private const int MaxDigits = 38;

    public static LiteralNode Parse(string text, bool negative, TokenReader tokens)
    {
        int end = text.Length;
        while (end > 0 && !char.IsAsciiDigit(text[end - 1]) && text[end - 1] != '.')
        {
            end--;
        }

        string suffix = text[end..].ToUpperInvariant();
        string number = (negative ? "-" : "") + text[..end];
        bool isWhole = !number.AsSpan().ContainsAny('.', 'e', 'E');
        return suffix switch
        {
            "" when isWhole => Whole(number, tokens),
            "" when number.AsSpan().ContainsAny('e', 'E') => Double(number, tokens),
            "" or "BD" => Decimal(number, tokens),
            "D" => Double(number, tokens),
            "F" => float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float single) && float.IsFinite(single)
                ? new LiteralNode(single, PrimitiveType.Float)
                : throw OutOfRange(text, tokens),
            "L" when isWhole => long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
                ? new LiteralNode(value, PrimitiveType.Long)
                : throw OutOfRange(text, tokens),
            "S" when isWhole => short.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out short value)
                ? new LiteralNode(value, PrimitiveType.Short)
                : throw OutOfRange(text, tokens),
            "Y" when isWhole => sbyte.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out sbyte value)
                ? new LiteralNode(value, PrimitiveType.Byte)
                : throw OutOfRange(text, tokens),
            _ => throw tokens.Invalid($"'{text}' is no number"),
        };
    }

    private static LiteralNode Whole(string number, TokenReader tokens)
    {
        if (int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int small))
        {
            return new LiteralNode(small, PrimitiveType.Integer);
        }

        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long large)
            ? new LiteralNode(large, PrimitiveType.Long)
            : Decimal(number, tokens);
    }

    private static LiteralNode Double(string number, TokenReader tokens) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new LiteralNode(value, PrimitiveType.Double)
            : throw OutOfRange(number, tokens);

    private static LiteralNode Decimal(string number, TokenReader tokens)
    {
        int exponent = 0;
        int e = number.IndexOfAny(['e', 'E']);
        string digits = e < 0 ? number : number[..e];
        if (e >= 0 && !int.TryParse(number.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            throw OutOfRange(number, tokens);
        }

        int point = digits.IndexOf('.', StringComparison.Ordinal);
        int scale = (point < 0 ? 0 : digits.Length - point - 1) - exponent;
        string plain = digits.Replace(".", "", StringComparison.Ordinal);
        if (plain.Length > 4 * MaxDigits || scale is < -MaxDigits or > MaxDigits)
        {
            throw OutOfRange(number, tokens);
        }

        if (!BigInteger.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger unscaled))
        {
            throw tokens.Invalid($"'{ExpressionErrors.Quote(number)}' is no number");
        }

        (unscaled, scale) = scale < 0 ? (unscaled * BigInteger.Pow(10, -scale), 0) : (unscaled, scale);
        int length = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).Length;
        int precision = Math.Max(Math.Max(length, scale), 1);
        return precision <= MaxDigits
            ? new LiteralNode((Int128)unscaled, new DecimalType(precision, scale))
            : throw OutOfRange(number, tokens);
    }

    private static LakehouseException OutOfRange(string number, TokenReader tokens) =>
        tokens.Invalid($"the number '{ExpressionErrors.Quote(number)}' is out of the range of its type");
}
