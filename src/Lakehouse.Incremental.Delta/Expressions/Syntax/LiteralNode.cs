using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>A constant.</summary>
/// <param name="Value">As <see cref="Columnar.ConstantArray"/> takes values of the type; null for NULL.</param>
/// <param name="Type">Its type; void for NULL.</param>
internal sealed record LiteralNode(object? Value, DataType Type) : SqlNode
{
    public override int Depth => 1;
}
