using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>IN over a list: true when an item is equal, else null when any comparison is, else false. All are of one type.</summary>
internal sealed class BoundIn(BoundNode operand, IReadOnlyList<BoundNode> items) : BoundNode(PrimitiveType.Boolean)
{
    public override SqlVector Evaluate(EvaluationScope scope)
    {
        SqlVector value = operand.Evaluate(scope);
        int rows = scope.Rows;
        byte[] found = new byte[Bitmaps.Bytes(rows)];
        byte[]? known = null;
        foreach (BoundNode item in items)
        {
            SqlVector other = item.Evaluate(scope);
            IArrowArray compared = ComparisonKernel.Compare(Comparison.Equal, operand.Type, item.Type, value, other, rows);
            Truths equal = new(new SqlVector(compared, IsConstant: false));
            for (int row = 0; row < rows; row++)
            {
                if (equal.IsNull(row))
                {
                    Validity.Clear(ref known, row, rows);
                }
                else if (equal.Bit(row))
                {
                    Bitmaps.Set(found, row);
                }
            }
        }

        for (int i = 0; known is not null && i < known.Length; i++)
        {
            known[i] |= found[i];
        }

        return new SqlVector(Arrays.Booleans(found, known, rows), IsConstant: false);
    }
}
