using Apache.Arrow;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Schemas;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// The columns of target and source side by side, under the names that expressions use: <c>target.id</c>, <c>source.id</c>. Those of the target come
/// first.
/// </summary>
internal sealed class ColumnSides
{
    private const string Target = "target";
    private const string Source = "source";

    private readonly StructType _target;
    private readonly StructType _source;

    public ColumnSides(StructType target, StructType source)
    {
        _target = target;
        _source = source;
        Schema = new StructType(
        [
            .. target.Fields.Select(static field => new StructField($"{Target}.{field.Name}", field.Type)),
            .. source.Fields.Select(static field => new StructField($"{Source}.{field.Name}", field.Type)),
        ]);
        ArrowSchema = ArrowSchemas.ToArrow(Schema);
    }

    public StructType Schema { get; }

    public Schema ArrowSchema { get; }

    public int TargetColumns => _target.Fields.Count;

    /// <summary>The name of a column on its side.</summary>
    public string NameOf(int position) => IsTarget(position) ? _target.Fields[position].Name : _source.Fields[position - TargetColumns].Name;

    public bool IsTarget(int position) => position < TargetColumns;

    /// <summary>An expression whose names are resolved to the two sides.</summary>
    /// <exception cref="Delta.LakehouseException">It speaks of a side that is not there, or of a column that both have.</exception>
    public SqlExpression Resolve(SqlExpression expression, bool seesTarget = true, bool seesSource = true)
    {
        return expression.WithColumns([Target, Source], Rename);

        string Rename(string? table, string name)
        {
            if (table is null)
            {
                return Unqualified(name, seesTarget, seesSource);
            }

            bool isTarget = string.Equals(table, Target, StringComparison.OrdinalIgnoreCase);
            return (isTarget ? seesTarget : seesSource)
                ? $"{(isTarget ? Target : Source)}.{name}"
                : throw ExpressionErrors.Invalid($"'{table}.{name}' in '{ExpressionErrors.Quote(expression.Sql)}': there is no {table} row here");
        }
    }

    /// <summary>A column of the source as an expression.</summary>
    public BoundExpression SourceColumn(int position) => BoundExpression.OfColumn(Schema, TargetColumns + position);

    private string Unqualified(string name, bool seesTarget, bool seesSource)
    {
        bool inTarget = seesTarget && _target.Find(name) >= 0;
        bool inSource = seesSource && _source.Find(name) >= 0;
        return (inTarget, inSource) switch
        {
            (true, true) => throw ExpressionErrors.Invalid($"both sides have a column '{name}': write '{Target}.{name}' or '{Source}.{name}'"),
            (true, false) => $"{Target}.{name}",
            (false, true) => $"{Source}.{name}",
            _ => name,
        };
    }
}
