using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>When a target and a source row match: equalities, by which rows are found, and what must hold besides.</summary>
/// <param name="Keys">At least one.</param>
/// <param name="Residual">Null when the equalities say all.</param>
/// <param name="Limits">What of the rest speaks of columns of the target alone, as far as it tells which files cannot match.</param>
/// <param name="Text">As SQL.</param>
internal sealed record JoinCondition(IReadOnlyList<JoinKey> Keys, BoundExpression? Residual, IReadOnlyList<Filter> Limits, string Text)
{
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: no equality compares the two sides. <see cref="ErrorCodes.ExpressionInvalid"/>: it is no
    /// condition over the two. <see cref="ErrorCodes.SchemaMismatch"/>: an equality compares values of different kinds.
    /// </exception>
    public static JoinCondition Bind(MergeDefinition definition, StructType target, ColumnSides sides, string table)
    {
        string text = definition.Condition
            ?? string.Join(" AND ", definition.Columns.Select(static column => $"target.{Quoted(column)} = source.{Quoted(column)}"));
        SqlExpression condition = sides.Resolve(SqlExpression.Parse(text));
        condition.BindCondition(sides.Schema);
        List<JoinKey> keys = [];
        List<SqlExpression> rest = [];
        foreach (SqlExpression term in condition.Terms())
        {
            if (term.AsEquality() is { } equality && Key(equality, sides, table) is { } key)
            {
                keys.Add(key);
            }
            else
            {
                rest.Add(term);
            }
        }

        Filter[] limits =
            [.. rest.Select(term => term.AsFilter(sides.Schema, i => sides.IsTarget(i) ? target.Fields[i].Name : null)).OfType<Filter>()];
        return keys.Count > 0
            ? new JoinCondition(keys, SqlExpression.All(text, rest)?.BindCondition(sides.Schema), limits, text)
            : throw new LakehouseException(
                ErrorCodes.InvalidConfiguration,
                $"The merge condition '{text}' has no equality between target and source by which rows are found, such as target.id = source.id; "
                + "lists and maps do not tell.");
    }

    private static JoinKey? Key(EqualityTerm equality, ColumnSides sides, string table)
    {
        bool? left = Side(equality.Left, sides);
        bool? right = Side(equality.Right, sides);
        if (left is null || right is null || left == right)
        {
            return null;
        }

        BoundExpression plain = (left.Value ? equality.Left : equality.Right).Bind(sides.Schema);
        CheckKind(plain.Type, (left.Value ? equality.Right : equality.Left).Bind(sides.Schema).Type, equality, table);
        (BoundExpression a, BoundExpression b) = equality.Bind(sides.Schema);
        (BoundExpression target, BoundExpression source) = left.Value ? (a, b) : (b, a);
        if (!RowEncoder.IsOrderable(SqlTypes.Arrow(target.Type)))
        {
            return null;
        }

        bool asItIs = plain.Type.Equals(target.Type) || (SqlTypes.IsIntegral(plain.Type) && SqlTypes.IsIntegral(target.Type))
            || (plain.Type is DecimalType && target.Type is DecimalType);
        return new JoinKey(target, source, equality.NullSafe, asItIs ? plain.Column : null);
    }

    // SQL would make a number of a text, and an instant of a wall clock: what does not become one would silently match nothing. It would also
    // make a double of a long, and others match that are not equal (semantics 2.11).
    private static void CheckKind(DataType target, DataType source, EqualityTerm equality, string table)
    {
        bool sameKind = target.Equals(source) || target == PrimitiveType.Void || source == PrimitiveType.Void
            || (SqlTypes.IsNumeric(target) && SqlTypes.IsNumeric(source) && SqlTypes.IsFloating(target) == SqlTypes.IsFloating(source))
            || (SqlTypes.IsNested(target) && SqlTypes.IsNested(source));
        if (!sameKind)
        {
            throw new LakehouseException(
                ErrorCodes.SchemaMismatch,
                $"The merge into '{table}' compares {SqlTypes.Name(target)} in the target with {SqlTypes.Name(source)} in the source, in "
                + $"'{equality.Left.Sql}': say how by a CAST. Nothing was written.")
            {
                Table = table,
            };
        }
    }

    // True for the target, false for the source, null for both or none.
    private static bool? Side(SqlExpression expression, ColumnSides sides)
    {
        IReadOnlyList<int> columns = expression.Bind(sides.Schema).Columns;
        return columns.Count == 0 ? null : columns.All(sides.IsTarget) ? true : columns.Any(sides.IsTarget) ? null : false;
    }

    private static string Quoted(string column) => $"`{column.Replace("`", "``", StringComparison.Ordinal)}`";
}
