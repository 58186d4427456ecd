using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>The first value that is not null; those behind it are not reached.</summary>
internal sealed class BoundCoalesce(DataType type, IReadOnlyList<BoundNode> terms) : BoundNode(type)
{
    public override SqlVector Evaluate(EvaluationScope scope)
    {
        bool[] open = scope.CopyActive();
        RowRef[] rows = new RowRef[scope.Rows];
        System.Array.Fill(rows, RowRef.Null);
        List<IArrowArray> sources = [];
        foreach (BoundNode term in terms)
        {
            SqlVector values = term.Evaluate(scope.Within(open));
            for (int row = 0; row < rows.Length; row++)
            {
                if (open[row] && !values.IsNull(row))
                {
                    rows[row] = new RowRef(sources.Count, row & values.Mask);
                    open[row] = false;
                }
            }

            sources.Add(values.Array);
        }

        return new SqlVector(InterleaveKernel.Interleave(SqlTypes.Arrow(Type), sources, rows), IsConstant: false);
    }
}
