using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>A literal that says its type before a text: <c>DATE '2020-01-31'</c>, <c>X'1F'</c>.</summary>
internal static class TypedLiteral
{
    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    public static LiteralNode Parse(string word, TokenReader tokens)
    {
        string text = tokens.Take().Text;
        LiteralNode? literal = word switch
        {
            "DATE" => DateText.TryParseDate(text, out int days) ? new LiteralNode(days, PrimitiveType.Date) : null,
            "TIMESTAMP_NTZ" => DateText.TryParseTimestamp(text, allowZone: false, out long wall) ? new LiteralNode(wall, PrimitiveType.TimestampNtz)
                : null,
            "X" => Bytes(text),
            _ => DateText.TryParseTimestamp(text, allowZone: true, out long instant) ? new LiteralNode(instant, PrimitiveType.Timestamp) : null,
        };
        return literal ?? throw tokens.Invalid($"'{ExpressionErrors.Quote(text)}' is no value of {word}");
    }

    private static LiteralNode? Bytes(string text)
    {
        string even = text.Length % 2 == 0 ? text : "0" + text;
        return even.AsSpan().ContainsAnyExcept(HexDigits) ? null : new LiteralNode(Convert.FromHexString(even), PrimitiveType.Binary);
    }
}
