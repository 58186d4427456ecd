using Apache.Arrow;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>
/// The rows an expression is evaluated on. Parts that are not reached in a row, such as the branches of a CASE, are inactive there: what they would
/// fail with does not count.
/// </summary>
internal sealed class EvaluationScope(RecordBatch batch, int rows, bool[]? active)
{
    public EvaluationScope(RecordBatch batch)
        : this(batch, batch.Length, null)
    {
    }

    public RecordBatch Batch => batch;

    /// <summary>How many values kernels produce.</summary>
    public int Rows => rows;

    public bool IsActive(int row) => active is null || active[row];

    public bool AnyActive => active is null ? rows > 0 : active.AsSpan().Contains(true);

    /// <summary>The scope of a constant: one value, which is needed when any row is active.</summary>
    public EvaluationScope Single() => new(batch, 1, AnyActive ? null : [false]);

    /// <summary>The same rows of which fewer are active.</summary>
    public EvaluationScope Within(bool[] fewer) => new(batch, rows, fewer);

    /// <summary>A copy of the mask of active rows, to be narrowed.</summary>
    public bool[] CopyActive()
    {
        bool[] copy = new bool[rows];
        if (active is null)
        {
            System.Array.Fill(copy, true);
        }
        else
        {
            active.CopyTo(copy, 0);
        }

        return copy;
    }
}
