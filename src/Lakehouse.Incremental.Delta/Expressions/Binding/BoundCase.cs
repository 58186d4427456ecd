using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>CASE: the result of the first condition that is true. A result counts only in the rows it is chosen in.</summary>
internal sealed class BoundCase(
    DataType type, IReadOnlyList<BoundNode> conditions, IReadOnlyList<BoundNode> results, BoundNode? otherwise) : BoundNode(type)
{
    public override SqlVector Evaluate(EvaluationScope scope)
    {
        bool[] open = scope.CopyActive();
        RowRef[] rows = new RowRef[scope.Rows];
        System.Array.Fill(rows, RowRef.Null);
        List<IArrowArray> sources = [];
        for (int i = 0; i < conditions.Count; i++)
        {
            Truths condition = new(conditions[i].Evaluate(scope.Within(open)));
            bool[] chosen = new bool[open.Length];
            for (int row = 0; row < open.Length; row++)
            {
                chosen[row] = open[row] && condition.IsTrue(row);
                open[row] &= !chosen[row];
            }

            Choose(results[i], scope, chosen, rows, sources);
        }

        if (otherwise is not null)
        {
            Choose(otherwise, scope, open, rows, sources);
        }

        return new SqlVector(InterleaveKernel.Interleave(SqlTypes.Arrow(Type), sources, rows), IsConstant: false);
    }

    private static void Choose(BoundNode result, EvaluationScope scope, bool[] chosen, RowRef[] rows, List<IArrowArray> sources)
    {
        if (!chosen.AsSpan().Contains(true))
        {
            return;
        }

        SqlVector values = result.Evaluate(scope.Within(chosen));
        for (int row = 0; row < rows.Length; row++)
        {
            if (chosen[row])
            {
                rows[row] = new RowRef(sources.Count, row & values.Mask);
            }
        }

        sources.Add(values.Array);
    }
}
