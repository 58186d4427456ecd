using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>A column of the batch.</summary>
internal sealed class BoundColumn(int position, DataType type) : BoundNode(type)
{
    public int Position { get; } = position;

    public override SqlVector Evaluate(EvaluationScope scope) => new(scope.Batch.Column(Position), IsConstant: false);
}
