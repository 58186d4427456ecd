namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>The tokens of an expression, read from the front.</summary>
internal sealed class TokenReader(string sql)
{
    private readonly IReadOnlyList<Token> _tokens = SqlLexer.Tokens(sql);
    private int _at;

    public Token Current => _tokens[_at];

    public Token Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    public Token Take()
    {
        Token token = _tokens[_at];
        _at += token.Kind == TokenKind.End ? 0 : 1;
        return token;
    }

    public bool TakeWord(string word)
    {
        bool found = Current.IsWord(word);
        _at += found ? 1 : 0;
        return found;
    }

    public bool TakeSymbol(string symbol)
    {
        bool found = Current.IsSymbol(symbol);
        _at += found ? 1 : 0;
        return found;
    }

    public void ExpectWord(string word)
    {
        if (!TakeWord(word))
        {
            throw Unexpected(word);
        }
    }

    public void ExpectSymbol(string symbol)
    {
        if (!TakeSymbol(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    public LakehouseException Unexpected(string wanted) => Current.Kind == TokenKind.End
        ? Invalid($"it ends where {wanted} should come")
        : Invalid($"'{ExpressionErrors.Quote(Current.Text)}' stands where {wanted} should come");

    public LakehouseException Invalid(string what) => ExpressionErrors.Invalid(what, sql, Current.Position);
}
