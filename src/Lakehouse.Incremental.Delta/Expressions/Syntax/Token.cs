namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>A piece of SQL text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its value: names without backticks, texts without quotes and escapes.</param>
/// <param name="Position">Where it begins in the SQL text.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool IsWord(string word) => Kind == TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && string.Equals(Text, symbol, StringComparison.Ordinal);
}
