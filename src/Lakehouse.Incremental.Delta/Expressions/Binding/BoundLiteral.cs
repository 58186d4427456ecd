using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>A constant.</summary>
internal sealed class BoundLiteral(object? value, DataType type) : BoundNode(type)
{
    private readonly IArrowArray _array = ConstantArray.Create(SqlTypes.Arrow(type), value, 1);

    public object? Value { get; } = value;

    public override SqlVector Evaluate(EvaluationScope scope) => new(_array, IsConstant: true);
}
