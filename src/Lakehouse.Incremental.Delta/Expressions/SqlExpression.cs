using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Syntax;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions;

/// <summary>
/// An SQL expression as tables hold them in constraints, generated columns and defaults: Spark's syntax and semantics, as far as they are known here.
/// What is not known is refused by name when the expression is parsed or bound, so before anything is written.
/// </summary>
/// <remarks>
/// <para>
/// How strict it is. The expressions of a table are the same for every engine that writes to it, but Spark evaluates them under the session's ANSI
/// setting, off in Spark 3 and on in Spark 4. Where one gives null and the other an error, null is the result here: for a division by zero, and for
/// a text that does not tell a value of the type it is cast to. A CHECK constraint refuses the row either way, and a generated column agrees with
/// what Spark 3 wrote. Where one gives a wrong number and the other an error, it is an error: sums, products and casts that do not fit their type.
/// An error counts only in rows in which the part that fails is reached: CASE, IF, COALESCE, AND and OR protect what comes after.
/// </para>
/// <para>
/// The time zone of the session is UTC. Texts compare by their UTF-8 bytes. NaN equals NaN and is greater than all other numbers.
/// </para>
/// </remarks>
internal sealed class SqlExpression
{
    private readonly SqlNode _root;

    private SqlExpression(string sql, SqlNode root)
    {
        Sql = sql;
        _root = root;
    }

    /// <summary>The text as it was given.</summary>
    public string Sql { get; }

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.ExpressionInvalid"/>: the text is no expression.</exception>
    /// <exception cref="UnsupportedFeatureException"><see cref="ErrorCodes.ExpressionNotSupported"/>: it has something that is not known.</exception>
    public static SqlExpression Parse(string sql) => new(sql, SqlParser.Parse(sql));

    /// <summary>Resolves columns, functions and types.</summary>
    /// <param name="schema">The columns of the batches it will be evaluated on, in their order; names are found whatever their case.</param>
    /// <param name="now">The time that current_timestamp and its like give; null refuses them, as is right for all but defaults.</param>
    /// <inheritdoc cref="Parse" path="/exception"/>
    public BoundExpression Bind(StructType schema, DateTimeOffset? now = null)
    {
        ExpressionBinder binder = new(schema, now);
        BoundNode root = binder.Bind(_root);
        return new BoundExpression(Sql, root, [.. binder.Columns]);
    }

    /// <summary>As <see cref="Bind"/>, with the result cast to a type as an assignment to a column does it.</summary>
    public BoundExpression BindAs(StructType schema, DataType type, DateTimeOffset? now = null)
    {
        ExpressionBinder binder = new(schema, now);
        BoundNode root = Coercion.Cast(binder.Bind(_root), type);
        return new BoundExpression(Sql, root, [.. binder.Columns]);
    }

    /// <summary>The condition that a column has the values of the expression, nulls where it has nulls.</summary>
    public BoundExpression BindEquals(StructType schema, int column)
    {
        ExpressionBinder binder = new(schema, now: null);
        DataType type = schema.Fields[column].Type;
        BoundNode value = Coercion.Cast(binder.Bind(_root), type);
        return new BoundExpression(Sql, OperatorBinder.NullSafeEqual(new BoundColumn(column, type), value), [.. binder.Columns, column]);
    }

    /// <summary>As <see cref="Bind"/>, for an expression that must be a condition.</summary>
    public BoundExpression BindCondition(StructType schema)
    {
        BoundExpression bound = Bind(schema);
        return bound.Type == PrimitiveType.Boolean || bound.Type == PrimitiveType.Void
            ? bound
            : throw ExpressionErrors.Invalid($"'{ExpressionErrors.Quote(Sql)}' is {SqlTypes.Name(bound.Type)}, not a condition");
    }

    /// <summary>The same expression with other names for its columns.</summary>
    /// <inheritdoc cref="ColumnRenaming" path="/param"/>
    public SqlExpression WithColumns(IReadOnlyList<string> qualifiers, Func<string?, string, string> rename) =>
        new(Sql, new ColumnRenaming(qualifiers, rename).Apply(_root));

    /// <summary>The terms of which all must be true for a condition to be; the condition itself when it is none that AND joins.</summary>
    public IReadOnlyList<SqlExpression> Terms() => _root is JunctionNode { IsAnd: true } junction
        ? [.. junction.Terms.SelectMany(term => new SqlExpression(Sql, term).Terms())]
        : [this];

    /// <summary>The expression as a comparison of two others for equality; null when it is something else.</summary>
    public EqualityTerm? AsEquality() => _root is CallNode { Name: "=" or "<=>", Arguments: [SqlNode left, SqlNode right] } call
        ? new EqualityTerm(new SqlExpression(Sql, left), new SqlExpression(Sql, right), call.Name == "<=>")
        : null;

    /// <summary>
    /// The expression as a condition on one column that statistics can tell of; null when it is something else. Only where literal and column are of
    /// one type, so that both compare alike.
    /// </summary>
    /// <param name="schema">The columns it is over.</param>
    /// <param name="name">The name that the condition gives to a column; null for one it may not speak of.</param>
    public Filter? AsFilter(StructType schema, Func<int, string?> name)
    {
        if (_root is not CallNode { Arguments: [NameNode column, LiteralNode literal] } call
            || OperatorBinder.ComparisonOf(call.Name) is not { } comparison)
        {
            return null;
        }

        BoundExpression bound = new SqlExpression(Sql, column).Bind(schema);
        bool sameType = literal.Type == bound.Type || (literal.Type == PrimitiveType.Integer && bound.Type == PrimitiveType.Long);
        object? value = literal.Value switch
        {
            _ when !sameType => null,
            int days when literal.Type == PrimitiveType.Date => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(days),
            string or bool or int or long => literal.Value,
            _ => null,
        };
        return value is not null && name(bound.Columns[0]) is { } found ? new ComparisonFilter(found, comparison, value) : null;
    }

    /// <summary>Conditions that must all be true as one; null for none.</summary>
    public static SqlExpression? All(string sql, IReadOnlyList<SqlExpression> terms) => terms.Count switch
    {
        0 => null,
        1 => terms[0],
        _ => new SqlExpression(sql, new JunctionNode(IsAnd: true, [.. terms.Select(static term => term._root)])),
    };

    /// <summary>Two expressions in the one type they are compared in; decimals that no one type holds in their own.</summary>
    public static (BoundExpression Left, BoundExpression Right) BindComparable(SqlExpression left, SqlExpression right, StructType schema)
    {
        ExpressionBinder leftBinder = new(schema, now: null);
        ExpressionBinder rightBinder = new(schema, now: null);
        (BoundNode a, BoundNode b) = OperatorBinder.ForEquality(leftBinder.Bind(left._root), rightBinder.Bind(right._root));
        if (a.Type is DecimalType x && b.Type is DecimalType y && !x.Equals(y))
        {
            int scale = Math.Max(x.Scale, y.Scale);
            int precision = Math.Max(x.Precision - x.Scale, y.Precision - y.Scale) + scale;
            if (precision <= DecimalMath.MaxPrecision)
            {
                DecimalType common = new(precision, scale);
                (a, b) = (Coercion.Cast(a, common), Coercion.Cast(b, common));
            }
        }

        return (new BoundExpression(left.Sql, a, [.. leftBinder.Columns]), new BoundExpression(right.Sql, b, [.. rightBinder.Columns]));
    }

    /// <summary>
    /// As <see cref="BindAs"/>, but only where an assignment converts by itself: numbers to numbers, dates and timestamps to each other, scalars to
    /// texts. A text does not become a number unless a cast says so, because what is no number would be null. Nested values keep their own type.
    /// </summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.ExpressionInvalid"/>: the types do not go together.</exception>
    public BoundExpression BindAssignment(StructType schema, DataType type)
    {
        BoundExpression bound = Bind(schema);
        bool nested = SqlTypes.IsNested(bound.Type) && SqlTypes.IsNested(type);
        return nested || bound.Type.Equals(type) ? bound
            : SqlTypes.IsAssignable(bound.Type, type) ? BindAs(schema, type)
            : throw ExpressionErrors.Invalid(
                $"'{ExpressionErrors.Quote(Sql)}' is {SqlTypes.Name(bound.Type)}, which does not become {SqlTypes.Name(type)} by itself");
    }
}
