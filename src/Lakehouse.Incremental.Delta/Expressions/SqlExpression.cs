using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Syntax;
using Lakehouse.Incremental.Delta.Expressions.Values;
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
}
