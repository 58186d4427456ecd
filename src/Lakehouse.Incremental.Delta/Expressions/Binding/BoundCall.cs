using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>A function or operator over arguments that are all evaluated. Of constants it makes a constant, once a batch.</summary>
internal sealed class BoundCall(DataType type, IReadOnlyList<BoundNode> arguments, Kernel kernel) : BoundNode(type)
{
    public override SqlVector Evaluate(EvaluationScope scope)
    {
        SqlVector[] values = [.. arguments.Select(argument => argument.Evaluate(scope))];
        bool constant = AllConstant(values);
        return new SqlVector(kernel(values, constant ? scope.Single() : scope), constant);
    }
}
