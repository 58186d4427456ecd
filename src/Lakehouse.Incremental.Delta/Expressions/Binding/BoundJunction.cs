using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>AND or OR in three-valued logic. A term is not reached in rows that those before it have decided.</summary>
internal sealed class BoundJunction(bool isAnd, IReadOnlyList<BoundNode> terms) : BoundNode(PrimitiveType.Boolean)
{
    public override SqlVector Evaluate(EvaluationScope scope)
    {
        bool[] open = scope.CopyActive();
        byte[] decided = new byte[Bitmaps.Bytes(scope.Rows)];
        byte[]? known = null;
        foreach (BoundNode term in terms)
        {
            Truths values = new(term.Evaluate(scope.Within(open)));
            for (int row = 0; row < open.Length; row++)
            {
                if (!open[row])
                {
                    continue;
                }

                if (values.IsNull(row))
                {
                    Validity.Clear(ref known, row, open.Length);
                }
                else if (values.Bit(row) != isAnd)
                {
                    Bitmaps.Set(decided, row);
                    open[row] = false;
                }
            }
        }

        return new SqlVector(Arrays.Booleans(Result(decided, known), Known(decided, known), scope.Rows), IsConstant: false);
    }

    private byte[] Result(byte[] decided, byte[]? known)
    {
        byte[] values = new byte[decided.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = isAnd ? (byte)~decided[i] : decided[i];
            values[i] &= (byte)(known is null ? 0xFF : known[i] | decided[i]);
        }

        return values;
    }

    // A row that is decided is known, whatever else was null in it.
    private static byte[]? Known(byte[] decided, byte[]? known)
    {
        for (int i = 0; known is not null && i < known.Length; i++)
        {
            known[i] |= decided[i];
        }

        return known;
    }
}
