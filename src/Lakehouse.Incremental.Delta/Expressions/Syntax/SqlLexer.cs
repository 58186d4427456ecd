using System.Globalization;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>Cuts SQL text into tokens.</summary>
internal sealed class SqlLexer(string sql)
{
    private static readonly string[] Symbols =
    [
        "<=>", "<>", "<=", ">=", "!=", "==", "||", "::", "->", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".", "!", "&", "|",
        "^", "~", ":", ";", "?",
    ];

    private readonly List<Token> _tokens = [];
    private int _at;

    public static IReadOnlyList<Token> Tokens(string sql) => new SqlLexer(sql).Run();

    private List<Token> Run()
    {
        while (SkipBlanks())
        {
            char c = sql[_at];
            if (c == '`')
            {
                QuotedName();
            }
            else if (c is '\'' or '"')
            {
                Add(TokenKind.Text, new TextLiteral(sql, _at).Read(out int end), end);
            }
            else if (c is 'r' or 'R' && _at + 1 < sql.Length && sql[_at + 1] is '\'' or '"')
            {
                RawText();
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < sql.Length && char.IsAsciiDigit(sql[_at + 1]) && !FollowsName()))
            {
                Number();
            }
            else if (char.IsLetter(c) || c == '_')
            {
                int end = EndOfWord(_at);
                Add(TokenKind.Word, sql[_at..end], end);
            }
            else
            {
                Symbol();
            }
        }

        _tokens.Add(new Token(TokenKind.End, "", sql.Length));
        return _tokens;
    }

    // False at the end of the text.
    private bool SkipBlanks()
    {
        while (_at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[_at]))
            {
                _at++;
            }
            else if (Starts("--"))
            {
                int end = sql.IndexOf('\n', _at);
                _at = end < 0 ? sql.Length : end + 1;
            }
            else if (Starts("/*"))
            {
                int end = sql.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end < 0 ? throw ExpressionErrors.Invalid("a comment does not end", sql, _at) : end + 2;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void QuotedName()
    {
        int end = _at + 1;
        while (end < sql.Length && (sql[end] != '`' || (end + 1 < sql.Length && sql[end + 1] == '`')))
        {
            end += sql[end] == '`' ? 2 : 1;
        }

        if (end >= sql.Length)
        {
            throw ExpressionErrors.Invalid("a name in backticks does not end", sql, _at);
        }

        Add(TokenKind.QuotedName, sql[(_at + 1)..end].Replace("``", "`", StringComparison.Ordinal), end + 1);
    }

    private void RawText()
    {
        int end = sql.IndexOf(sql[_at + 1], _at + 2);
        if (end < 0)
        {
            throw ExpressionErrors.Invalid("a text does not end", sql, _at);
        }

        Add(TokenKind.Text, sql[(_at + 2)..end], end + 1);
    }

    private void Number()
    {
        int end = SkipDigits(_at);
        if (end < sql.Length && sql[end] == '.')
        {
            end = SkipDigits(end + 1);
        }

        if (end < sql.Length && sql[end] is 'e' or 'E')
        {
            int digits = end + 1 < sql.Length && sql[end + 1] is '+' or '-' ? end + 2 : end + 1;
            int afterExponent = SkipDigits(digits);
            end = afterExponent > digits ? afterExponent : end;
        }

        Add(TokenKind.Number, sql[_at..EndOfWord(end)], EndOfWord(end));
    }

    private void Symbol()
    {
        string? symbol = System.Array.Find(Symbols, Starts);
        if (symbol is null)
        {
            string shown = char.IsControl(sql[_at]) ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)sql[_at]:X4}") : sql[_at].ToString();
            throw ExpressionErrors.Invalid($"the character '{shown}' has no meaning", sql, _at);
        }

        Add(TokenKind.Symbol, symbol, _at + symbol.Length);
    }

    private int SkipDigits(int from)
    {
        while (from < sql.Length && char.IsAsciiDigit(sql[from]))
        {
            from++;
        }

        return from;
    }

    private int EndOfWord(int from)
    {
        while (from < sql.Length && (char.IsLetterOrDigit(sql[from]) || sql[from] == '_'))
        {
            from++;
        }

        return from;
    }

    // "a.1" is a field access, not a name followed by a fraction.
    private bool FollowsName() => _tokens.Count > 0 && _tokens[^1].Kind is TokenKind.Word or TokenKind.QuotedName
        && _at > 0 && !char.IsWhiteSpace(sql[_at - 1]);

    private bool Starts(string symbol) => string.CompareOrdinal(sql, _at, symbol, 0, symbol.Length) == 0;

    private void Add(TokenKind kind, string text, int end)
    {
        _tokens.Add(new Token(kind, text, _at));
        _at = end;
    }
}
