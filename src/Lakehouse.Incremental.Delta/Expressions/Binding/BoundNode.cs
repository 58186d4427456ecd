using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>A node of an expression whose columns, functions and types are known.</summary>
internal abstract class BoundNode(DataType type)
{
    public DataType Type { get; } = type;

    public abstract SqlVector Evaluate(EvaluationScope scope);

    protected static bool AllConstant(ReadOnlySpan<SqlVector> vectors)
    {
        foreach (SqlVector vector in vectors)
        {
            if (!vector.IsConstant)
            {
                return false;
            }
        }

        return true;
    }
}
