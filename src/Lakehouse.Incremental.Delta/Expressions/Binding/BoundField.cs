using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>A field of a struct; null where the struct is.</summary>
internal sealed class BoundField(BoundNode operand, int position, DataType type) : BoundNode(type)
{
    public override SqlVector Evaluate(EvaluationScope scope)
    {
        SqlVector structure = operand.Evaluate(scope);
        IArrowArray field = ((StructArray)structure.Array).Fields[position];
        if (!structure.HasNulls)
        {
            return structure with { Array = field };
        }

        int[] rows = new int[structure.Array.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = structure.Array.IsNull(row) ? -1 : row;
        }

        return structure with { Array = TakeKernel.Take(field, rows) };
    }
}
