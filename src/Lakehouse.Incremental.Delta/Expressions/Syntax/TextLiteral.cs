using System.Globalization;
using System.Text;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>
/// A text in single or double quotes. A doubled quote stands for itself; a backslash escapes as in Spark, which keeps it before <c>%</c> and
/// <c>_</c> because patterns need it there.
/// </summary>
internal sealed class TextLiteral(string sql, int start)
{
    private readonly StringBuilder _text = new();

    public string Read(out int end)
    {
        char quote = sql[start];
        int at = start + 1;
        while (at < sql.Length)
        {
            char c = sql[at];
            if (c == quote)
            {
                if (at + 1 >= sql.Length || sql[at + 1] != quote)
                {
                    end = at + 1;
                    return _text.ToString();
                }

                _text.Append(quote);
                at += 2;
            }
            else if (c == '\\' && at + 1 < sql.Length)
            {
                at = Escape(at + 1);
            }
            else
            {
                _text.Append(c);
                at++;
            }
        }

        throw ExpressionErrors.Invalid("a text does not end", sql, start);
    }

    private int Escape(int at)
    {
        char c = sql[at];
        if (c is 'u' && TryHex(at + 1, 4, out int unit))
        {
            _text.Append((char)unit);
            return at + 5;
        }

        if (c is 'U' && TryHex(at + 1, 8, out int code) && code <= 0x10FFFF && code is < 0xD800 or > 0xDFFF)
        {
            _text.Append(char.ConvertFromUtf32(code));
            return at + 9;
        }

        if (c is '0' or '1' && at + 2 < sql.Length && IsOctal(sql[at + 1]) && IsOctal(sql[at + 2]))
        {
            _text.Append((char)(((c - '0') * 64) + ((sql[at + 1] - '0') * 8) + sql[at + 2] - '0'));
            return at + 3;
        }

        _text.Append(c switch
        {
            '0' => "\0",
            'b' => "\b",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'Z' => "\u001A",
            '%' => "\\%",
            '_' => "\\_",
            _ => c.ToString(),
        });
        return at + 1;
    }

    private bool TryHex(int at, int digits, out int value)
    {
        value = 0;
        return at + digits <= sql.Length
            && int.TryParse(sql.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            && value >= 0;
    }

    private static bool IsOctal(char c) => c is >= '0' and <= '7';
}
