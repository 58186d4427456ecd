namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>
/// Parses an expression by the precedence of its operators, which is Spark's: OR, AND, NOT, predicates (IS, IN, LIKE, BETWEEN), comparison, sum,
/// product, sign, access. What Spark knows and this library does not is refused by name.
/// </summary>
internal sealed class SqlParser
{
    /// <summary>Longest text that is parsed, in characters.</summary>
    public const int MaxLength = 1 << 16;

    /// <summary>Deepest nesting: few enough levels for any stack, more than people write.</summary>
    public const int MaxDepth = 200;

    public const int Lowest = 0;
    public const int NotLevel = 30;
    public const int PredicateLevel = 40;
    public const int SignLevel = 110;
    private const int OrLevel = 10;
    private const int AndLevel = 20;
    private const int ComparisonLevel = 50;
    private const int SumLevel = 90;
    private const int ProductLevel = 100;
    private const int AccessLevel = 120;

    private readonly TokenReader _tokens;
    private readonly PrimaryParser _primary;
    private int _depth;

    private SqlParser(string sql)
    {
        _tokens = new TokenReader(sql);
        _primary = new PrimaryParser(_tokens, this);
    }

    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.ExpressionInvalid"/>: the text is no expression, or too long or too deep.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException"><see cref="ErrorCodes.ExpressionNotSupported"/>: it has syntax that is not known.</exception>
    public static SqlNode Parse(string sql)
    {
        if (sql.Length > MaxLength)
        {
            throw ExpressionErrors.Invalid(FormattableString.Invariant($"it is longer than {MaxLength} characters"), sql, 0);
        }

        SqlParser parser = new(sql);
        SqlNode node = parser.Expression(Lowest);
        return parser._tokens.Current.Kind == TokenKind.End ? node : throw parser._tokens.Unexpected("an operator or the end");
    }

    /// <summary>Parses as far as operators bind more tightly than a level.</summary>
    public SqlNode Expression(int level)
    {
        if (++_depth > MaxDepth)
        {
            throw TooDeep();
        }

        SqlNode left = _primary.Parse();
        while (LevelOf(_tokens.Current) is var binding && binding > level)
        {
            left = Checked(Continue(left, binding));
        }

        _depth--;
        return left;
    }

    public SqlNode Checked(SqlNode node) => node.Depth <= MaxDepth ? node : throw TooDeep();

    private LakehouseException TooDeep() => _tokens.Invalid(FormattableString.Invariant($"it is nested deeper than {MaxDepth} levels"));

    private int LevelOf(Token token) => token.Kind switch
    {
        TokenKind.Symbol => token.Text switch
        {
            "=" or "==" or "<>" or "!=" or "<=>" or "<" or "<=" or ">" or ">=" => ComparisonLevel,
            "+" or "-" or "||" => SumLevel,
            "*" or "/" or "%" => ProductLevel,
            "[" or "." or "::" => AccessLevel,
            "&" or "|" or "^" => throw ExpressionErrors.Unsupported($"the operator '{token.Text}'"),
            "->" => throw ExpressionErrors.Unsupported("lambda functions ('->')"),
            ":" => throw ExpressionErrors.Unsupported("the path operator ':'"),
            "?" => throw ExpressionErrors.Unsupported("parameters ('?')"),
            _ => -1,
        },
        TokenKind.Word => token.Text.ToUpperInvariant() switch
        {
            "OR" => OrLevel,
            "AND" => AndLevel,
            "IS" or "IN" or "LIKE" or "ILIKE" or "RLIKE" or "REGEXP" or "BETWEEN" => PredicateLevel,
            "NOT" when IsNegatedPredicate() => PredicateLevel,
            "DIV" => ProductLevel,
            _ => -1,
        },
        _ => -1,
    };

    private bool IsNegatedPredicate()
    {
        Token next = _tokens.Following;
        return next.IsWord("IN") || next.IsWord("LIKE") || next.IsWord("ILIKE") || next.IsWord("RLIKE") || next.IsWord("REGEXP")
            || next.IsWord("BETWEEN");
    }

    private SqlNode Continue(SqlNode left, int level)
    {
        Token token = _tokens.Take();
        switch (level)
        {
            case OrLevel:
                return Join(false, left, Expression(level));
            case AndLevel:
                return Join(true, left, Expression(level));
            case PredicateLevel:
                return token.IsWord("NOT") ? Not(Predicate(left, _tokens.Take())) : Predicate(left, token);
            case AccessLevel:
                return Access(left, token);
            default:
                string name = token.Text switch
                {
                    "==" => "=",
                    "!=" => "<>",
                    _ => token.Text.ToLowerInvariant(),
                };
                return new CallNode(name, [left, Expression(level)]);
        }
    }

    private static JunctionNode Join(bool isAnd, SqlNode left, SqlNode right) => left is JunctionNode junction && junction.IsAnd == isAnd
        ? new JunctionNode(isAnd, [.. junction.Terms, right])
        : new JunctionNode(isAnd, [left, right]);

    private SqlNode Predicate(SqlNode left, Token keyword)
    {
        switch (keyword.Text.ToUpperInvariant())
        {
            case "IS":
                return Is(left);
            case "IN":
                _tokens.ExpectSymbol("(");
                if (_tokens.Current.IsWord("SELECT"))
                {
                    throw ExpressionErrors.Unsupported("subqueries");
                }

                return new InNode(left, _primary.List(")"));
            case "BETWEEN":
                SqlNode low = Expression(PredicateLevel);
                _tokens.ExpectWord("AND");
                return new JunctionNode(true, [new CallNode(">=", [left, low]), new CallNode("<=", [left, Expression(PredicateLevel)])]);
            case "LIKE" or "ILIKE":
                return Like(left, keyword.Text.ToLowerInvariant());
            default:
                return new CallNode("rlike", [left, Expression(PredicateLevel)]);
        }
    }

    private CallNode Like(SqlNode left, string name)
    {
        if (_tokens.Current.IsWord("ANY") || _tokens.Current.IsWord("SOME") || _tokens.Current.IsWord("ALL"))
        {
            throw ExpressionErrors.Unsupported($"{name.ToUpperInvariant()} {_tokens.Current.Text.ToUpperInvariant()}");
        }

        SqlNode pattern = Expression(PredicateLevel);
        return _tokens.TakeWord("ESCAPE")
            ? new CallNode(name, [left, pattern, Expression(PredicateLevel)])
            : new CallNode(name, [left, pattern]);
    }

    private SqlNode Is(SqlNode left)
    {
        bool negated = _tokens.TakeWord("NOT");
        SqlNode result;
        if (_tokens.TakeWord("NULL"))
        {
            result = new CallNode("isnull", [left]);
        }
        else if (_tokens.TakeWord("TRUE"))
        {
            result = new CallNode("is true", [left]);
        }
        else if (_tokens.TakeWord("FALSE"))
        {
            result = new CallNode("is false", [left]);
        }
        else if (_tokens.TakeWord("UNKNOWN"))
        {
            result = new CallNode("is unknown", [left]);
        }
        else if (_tokens.TakeWord("DISTINCT"))
        {
            _tokens.ExpectWord("FROM");
            result = Not(new CallNode("<=>", [left, Expression(PredicateLevel)]));
        }
        else
        {
            throw _tokens.Unexpected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
        }

        return negated ? Not(result) : result;
    }

    private SqlNode Access(SqlNode left, Token token)
    {
        switch (token.Text)
        {
            case "[":
                SqlNode key = Expression(Lowest);
                _tokens.ExpectSymbol("]");
                return new CallNode("[]", [left, key]);
            case "::":
                return new CastNode(left, TypeParser.Parse(_tokens), IsTry: false);
            default:
                Token name = _tokens.Take();
                return name.Kind is TokenKind.Word or TokenKind.QuotedName
                    ? new FieldNode(left, name.Text)
                    : throw _tokens.Invalid("a dot must be followed by the name of a field");
        }
    }

    private static CallNode Not(SqlNode node) => new("not", [node]);
}
