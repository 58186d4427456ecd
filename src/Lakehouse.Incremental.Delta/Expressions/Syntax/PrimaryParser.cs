using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>Parses what stands between operators: literals, names, calls, brackets, CASE and CAST, and the operators that come first.</summary>
internal sealed class PrimaryParser(TokenReader tokens, SqlParser parser)
{
    // Words that cannot be names where a value is expected, because a mistake is more likely.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "AND", "OR", "NOT", "IS", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "BETWEEN", "WHEN", "THEN", "ELSE", "SELECT",
    };

    public SqlNode Parse()
    {
        Token token = tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Number:
                return NumberLiteral.Parse(token.Text, negative: false, tokens);
            case TokenKind.Text:
                return Text(token);
            case TokenKind.QuotedName:
                return new NameNode(token.Text);
            case TokenKind.Word:
                return Word(token);
            case TokenKind.Symbol when Prefix(token) is { } node:
                return node;
            default:
                throw ExpressionErrorAt(token, "a value");
        }
    }

    /// <summary>Expressions with commas between, and the bracket after them.</summary>
    public List<SqlNode> List(string end)
    {
        List<SqlNode> items = [parser.Expression(SqlParser.Lowest)];
        while (tokens.TakeSymbol(","))
        {
            items.Add(parser.Expression(SqlParser.Lowest));
        }

        tokens.ExpectSymbol(end);
        return items;
    }

    private LakehouseException ExpressionErrorAt(Token token, string wanted) => token.Kind == TokenKind.End
        ? tokens.Invalid($"it ends where {wanted} should come")
        : tokens.Invalid($"'{token.Text}' stands where {wanted} should come");

    // Texts that stand side by side are one.
    private LiteralNode Text(Token token)
    {
        string text = token.Text;
        while (tokens.Current.Kind == TokenKind.Text)
        {
            text += tokens.Take().Text;
        }

        return new LiteralNode(text, PrimitiveType.String);
    }

    private SqlNode? Prefix(Token token)
    {
        switch (token.Text)
        {
            case "(":
                if (tokens.Current.IsWord("SELECT"))
                {
                    throw ExpressionErrors.Unsupported("subqueries");
                }

                SqlNode inner = parser.Expression(SqlParser.Lowest);
                if (tokens.Current.IsSymbol(","))
                {
                    throw ExpressionErrors.Unsupported("rows in brackets");
                }

                tokens.ExpectSymbol(")");
                return inner;
            case "-" when tokens.Current.Kind == TokenKind.Number:
                return NumberLiteral.Parse(tokens.Take().Text, negative: true, tokens);
            case "-":
                return parser.Checked(new CallNode("negative", [parser.Expression(SqlParser.SignLevel)]));
            case "+":
                return parser.Checked(new CallNode("positive", [parser.Expression(SqlParser.SignLevel)]));
            case "!":
                return parser.Checked(new CallNode("not", [parser.Expression(SqlParser.NotLevel)]));
            case "~" or "*" or "?" or ":":
                throw ExpressionErrors.Unsupported($"the operator '{token.Text}'");
            default:
                return null;
        }
    }

    private SqlNode Word(Token token)
    {
        string word = token.Text.ToUpperInvariant();
        bool beforeText = tokens.Current.Kind == TokenKind.Text;
        bool beforeBracket = tokens.Current.IsSymbol("(");
        return word switch
        {
            "NULL" => new LiteralNode(null, PrimitiveType.Void),
            "TRUE" => new LiteralNode(true, PrimitiveType.Boolean),
            "FALSE" => new LiteralNode(false, PrimitiveType.Boolean),
            "NOT" => parser.Checked(new CallNode("not", [parser.Expression(SqlParser.NotLevel - 1)])),
            "CASE" => Case(),
            "DATE" or "TIMESTAMP" or "TIMESTAMP_NTZ" or "TIMESTAMP_LTZ" or "X" when beforeText => TypedLiteral.Parse(word, tokens),
            "INTERVAL" when BeginsInterval() => IntervalLiteral.Parse(tokens),
            "CAST" or "TRY_CAST" when beforeBracket => Cast(word == "TRY_CAST"),
            "EXTRACT" when beforeBracket => Extract(),
            "TRIM" when beforeBracket => Trim(),
            "CURRENT_DATE" or "CURRENT_TIMESTAMP" or "LOCALTIMESTAMP" when !beforeBracket => new CallNode(word.ToLowerInvariant(), []),
            _ when beforeBracket && word is not ("AND" or "OR" or "IN") => Call(token),
            _ when Reserved.Contains(word) => throw ExpressionErrorAt(token, "a value"),
            _ => new NameNode(token.Text),
        };
    }

    private bool BeginsInterval() => tokens.Current.Kind is TokenKind.Text or TokenKind.Number
        || (tokens.Current.IsSymbol("-") && tokens.Following.Kind is TokenKind.Text or TokenKind.Number);

    private CallNode Call(Token name)
    {
        tokens.ExpectSymbol("(");
        if (tokens.Current.IsWord("DISTINCT") || tokens.Current.IsSymbol("*"))
        {
            throw ExpressionErrors.Unsupported($"{name.Text}({tokens.Current.Text} …)");
        }

        List<SqlNode> arguments = tokens.TakeSymbol(")") ? [] : List(")");
        if (tokens.Current.IsWord("OVER"))
        {
            throw ExpressionErrors.Unsupported("window functions (OVER)");
        }

        return (CallNode)parser.Checked(new CallNode(name.Text.ToLowerInvariant(), arguments));
    }

    private SqlNode Case()
    {
        SqlNode? subject = tokens.Current.IsWord("WHEN") ? null : parser.Expression(SqlParser.Lowest);
        List<SqlNode> conditions = [];
        List<SqlNode> results = [];
        while (tokens.TakeWord("WHEN"))
        {
            SqlNode condition = parser.Expression(SqlParser.Lowest);
            conditions.Add(subject is null ? condition : new CallNode("=", [subject, condition]));
            tokens.ExpectWord("THEN");
            results.Add(parser.Expression(SqlParser.Lowest));
        }

        if (conditions.Count == 0)
        {
            throw tokens.Unexpected("WHEN");
        }

        SqlNode? otherwise = tokens.TakeWord("ELSE") ? parser.Expression(SqlParser.Lowest) : null;
        tokens.ExpectWord("END");
        return parser.Checked(new CaseNode(conditions, results, otherwise));
    }

    private SqlNode Cast(bool isTry)
    {
        tokens.ExpectSymbol("(");
        SqlNode operand = parser.Expression(SqlParser.Lowest);
        tokens.ExpectWord("AS");
        DataType type = TypeParser.Parse(tokens);
        tokens.ExpectSymbol(")");
        return parser.Checked(new CastNode(operand, type, isTry));
    }

    private SqlNode Extract()
    {
        tokens.ExpectSymbol("(");
        Token part = tokens.Take();
        tokens.ExpectWord("FROM");
        SqlNode source = parser.Expression(SqlParser.Lowest);
        tokens.ExpectSymbol(")");
        string function = part.Text.ToUpperInvariant() switch
        {
            "YEAR" or "MONTH" or "DAY" or "HOUR" or "MINUTE" or "QUARTER" => part.Text.ToLowerInvariant(),
            "WEEK" => "weekofyear",
            _ => throw ExpressionErrors.Unsupported($"EXTRACT({part.Text} FROM …)"),
        };
        return parser.Checked(new CallNode(function, [source]));
    }

    // TRIM([BOTH|LEADING|TRAILING] [characters] FROM text), or the plain function.
    private SqlNode Trim()
    {
        tokens.ExpectSymbol("(");
        string function = tokens.TakeWord("LEADING") ? "ltrim" : tokens.TakeWord("TRAILING") ? "rtrim" : "trim";
        _ = function == "trim" && tokens.TakeWord("BOTH");
        if (tokens.TakeWord("FROM"))
        {
            return parser.Checked(new CallNode(function, List(")")));
        }

        SqlNode first = parser.Expression(SqlParser.Lowest);
        if (!tokens.TakeWord("FROM"))
        {
            tokens.ExpectSymbol(")");
            return parser.Checked(new CallNode(function, [first]));
        }

        SqlNode text = parser.Expression(SqlParser.Lowest);
        tokens.ExpectSymbol(")");
        return parser.Checked(new CallNode(function == "trim" ? "btrim" : function + " of", [text, first]));
    }
}
