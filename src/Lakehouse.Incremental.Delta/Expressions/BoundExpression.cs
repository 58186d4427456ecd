using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions;

/// <summary>An expression over the columns of a schema. Immutable and safe to share between threads.</summary>
internal sealed class BoundExpression
{
    private readonly BoundNode _root;

    internal BoundExpression(string sql, BoundNode root, IReadOnlyList<int> columns)
    {
        Sql = sql;
        Columns = columns;
        _root = root;
    }

    public string Sql { get; }

    /// <summary>The type of the values; void for an expression that is nothing but NULL.</summary>
    public DataType Type => _root.Type;

    /// <summary>Positions of the columns it reads, ascending.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>The position of the column it is; null when it is more than a column.</summary>
    public int? Column => (_root as BoundColumn)?.Position;

    /// <summary>A column of a schema.</summary>
    public static BoundExpression OfColumn(StructType schema, int position) =>
        new(schema.Fields[position].Name, new BoundColumn(position, schema.Fields[position].Type), [position]);

    /// <summary>The value of each row, as the canonical Arrow type. It may share memory with the batch.</summary>
    /// <param name="batch">A batch with the columns it was bound to, in their order and as canonical types.</param>
    /// <exception cref="InvalidRowsException">
    /// <see cref="ErrorCodes.Overflow"/>, <see cref="ErrorCodes.ExpressionFailed"/>: a row has no result.
    /// </exception>
    public IArrowArray Evaluate(RecordBatch batch)
    {
        SqlVector result = _root.Evaluate(new EvaluationScope(batch));
        return result.IsConstant ? TakeKernel.Take(result.Array, new int[batch.Length]) : result.Array;
    }

    /// <summary>The rows in which a condition is true, and not false or null.</summary>
    public bool[] Holds(RecordBatch batch)
    {
        Truths result = new(_root.Evaluate(new EvaluationScope(batch)));
        bool[] holds = new bool[batch.Length];
        for (int row = 0; row < holds.Length; row++)
        {
            holds[row] = result.IsTrue(row);
        }

        return holds;
    }
}
