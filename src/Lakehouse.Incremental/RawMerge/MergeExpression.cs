namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// An expression of a merge, written in C# instead of SQL: columns of <see cref="MergeColumns"/>, literals, operators. It stands for the SQL text of
/// <see cref="Sql"/> and means what that means: a comparison with null is unknown, NaN equals NaN, and types are checked when the merge runs. A .NET
/// value becomes a literal by itself; a string is a text and never SQL. Immutable.
/// </summary>
public sealed class MergeExpression
{
    private const string And = "AND";
    private const string Or = "OR";

    // What joins its terms, so that a long chain does not become a deep one; empty for what needs no brackets; null for all else.
    private readonly string? _joint;

    private MergeExpression(string sql, string? joint) => (Sql, _joint) = (sql, joint);

    /// <summary>SQL's NULL.</summary>
    public static MergeExpression Null { get; } = new("NULL", "");

    /// <summary>The expression as SQL.</summary>
    public string Sql { get; }

    /// <summary>SQL text as a part of an expression, for what has no form in C#.</summary>
    /// <param name="sql">SQL over <c>target.</c> and <c>source.</c> columns.</param>
    public static MergeExpression FromSql(string sql)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);

        // The line ends a comment that the text may end with.
        return new MergeExpression(sql.Contains("--", StringComparison.Ordinal) ? sql + "\n" : sql, null);
    }

    /// <summary>An SQL function, such as <c>coalesce</c> or <c>upper</c>.</summary>
    /// <param name="function">Its name. That it is known is checked when the merge runs.</param>
    /// <param name="arguments">What it is called with.</param>
    public static MergeExpression Call(string function, params MergeExpression[] arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        return new MergeExpression($"{function}({List(arguments)})", "");
    }

    /// <summary>A text.</summary>
    public static implicit operator MergeExpression(string value) => Literal(value is null ? Null.Sql : SqlLiteral.Of(value));

    /// <summary>True or false.</summary>
    public static implicit operator MergeExpression(bool value) => Literal(SqlLiteral.Of(value));

    /// <summary>An int.</summary>
    public static implicit operator MergeExpression(int value) => Literal(SqlLiteral.Of(value));

    /// <summary>A long.</summary>
    public static implicit operator MergeExpression(long value) => Literal(SqlLiteral.Of(value));

    /// <summary>A double.</summary>
    public static implicit operator MergeExpression(double value) => Literal(SqlLiteral.Of(value));

    /// <summary>A decimal.</summary>
    public static implicit operator MergeExpression(decimal value) => Literal(SqlLiteral.Of(value));

    /// <summary>A date.</summary>
    public static implicit operator MergeExpression(DateOnly value) => Literal(SqlLiteral.Of(value));

    /// <summary>A timestamp.</summary>
    /// <exception cref="ArgumentException">It is finer than a microsecond.</exception>
    public static implicit operator MergeExpression(DateTimeOffset value) => Literal(SqlLiteral.Of(value));

    /// <summary>A timestamp when its kind is UTC, else a timestamp without zone.</summary>
    /// <exception cref="ArgumentException">It is finer than a microsecond.</exception>
    public static implicit operator MergeExpression(DateTime value) => Literal(SqlLiteral.Of(value));

    /// <summary>Bytes.</summary>
    public static implicit operator MergeExpression(byte[] value) => Literal(value is null ? Null.Sql : SqlLiteral.Of(value));

    /// <summary>Both hold.</summary>
    public static MergeExpression operator &(MergeExpression left, MergeExpression right) => Join(And, left, right);

    /// <summary>At least one holds.</summary>
    public static MergeExpression operator |(MergeExpression left, MergeExpression right) => Join(Or, left, right);

    /// <summary>It does not hold; unknown stays unknown.</summary>
    public static MergeExpression operator !(MergeExpression operand) => new($"NOT {Operand(operand)}", null);

    /// <summary>Less.</summary>
    public static MergeExpression operator <(MergeExpression left, MergeExpression right) => Binary("<", left, right);

    /// <summary>Less or equal.</summary>
    public static MergeExpression operator <=(MergeExpression left, MergeExpression right) => Binary("<=", left, right);

    /// <summary>Greater.</summary>
    public static MergeExpression operator >(MergeExpression left, MergeExpression right) => Binary(">", left, right);

    /// <summary>Greater or equal.</summary>
    public static MergeExpression operator >=(MergeExpression left, MergeExpression right) => Binary(">=", left, right);

    /// <summary>The sum.</summary>
    public static MergeExpression operator +(MergeExpression left, MergeExpression right) => Binary("+", left, right);

    /// <summary>The difference.</summary>
    public static MergeExpression operator -(MergeExpression left, MergeExpression right) => Binary("-", left, right);

    /// <summary>The product.</summary>
    public static MergeExpression operator *(MergeExpression left, MergeExpression right) => Binary("*", left, right);

    /// <summary>The quotient: a double for whole numbers, null for a division by zero.</summary>
    public static MergeExpression operator /(MergeExpression left, MergeExpression right) => Binary("/", left, right);

    /// <summary>The rest of a division.</summary>
    public static MergeExpression operator %(MergeExpression left, MergeExpression right) => Binary("%", left, right);

    /// <summary>The number with the other sign.</summary>
    public static MergeExpression operator -(MergeExpression operand) => new($"-{Operand(operand)}", null);

    /// <summary>The values are equal; unknown when one is null.</summary>
    public MergeExpression EqualTo(MergeExpression other) => Binary("=", this, other);

    /// <summary>The values are not equal; unknown when one is null.</summary>
    public MergeExpression NotEqualTo(MergeExpression other) => Binary("<>", this, other);

    /// <summary>The values are equal, or both are null; never unknown.</summary>
    public MergeExpression NullSafeEqualTo(MergeExpression other) => Binary("<=>", this, other);

    /// <summary>The value is null.</summary>
    public MergeExpression IsNull() => new($"{Operand(this)} IS NULL", null);

    /// <summary>The value is not null.</summary>
    public MergeExpression IsNotNull() => new($"{Operand(this)} IS NOT NULL", null);

    /// <summary>The value is one of others, of which there must be at least one.</summary>
    public MergeExpression In(params MergeExpression[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        return new MergeExpression($"{Operand(this)} IN ({List(values)})", null);
    }

    /// <summary>A field of a struct.</summary>
    /// <param name="name">Its name.</param>
    public MergeExpression Field(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new MergeExpression($"{Operand(this)}.{SqlLiteral.Name(name)}", "");
    }

    /// <summary>The expression as SQL.</summary>
    public override string ToString() => Sql;

    internal static MergeExpression Column(string side, string name) => new($"{side}.{SqlLiteral.Name(name)}", "");

    private static MergeExpression Literal(string sql) => new(sql, "");

    private static MergeExpression Binary(string sign, MergeExpression left, MergeExpression right) =>
        new($"{Operand(left)} {sign} {Operand(right)}", null);

    private static MergeExpression Join(string joint, MergeExpression left, MergeExpression right) =>
        new($"{Operand(left, joint)} {joint} {Operand(right, joint)}", joint);

    private static string Operand(MergeExpression operand, string joint = "")
    {
        ArgumentNullException.ThrowIfNull(operand);
        return operand._joint == "" || operand._joint == joint ? operand.Sql : $"({operand.Sql})";
    }

    private static string List(MergeExpression[] expressions)
    {
        ArgumentNullException.ThrowIfNull(expressions);
        return string.Join(", ", expressions.Select(static expression => Operand(expression)));
    }
}
