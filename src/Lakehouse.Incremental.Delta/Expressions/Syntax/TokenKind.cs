namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>What a piece of SQL text is.</summary>
internal enum TokenKind
{
    /// <summary>A name or keyword, not quoted.</summary>
    Word,

    /// <summary>A name in backticks.</summary>
    QuotedName,

    /// <summary>A text literal, unescaped.</summary>
    Text,

    /// <summary>A number with its suffix.</summary>
    Number,

    /// <summary>An operator or a bracket.</summary>
    Symbol,

    /// <summary>The end of the text.</summary>
    End,
}
