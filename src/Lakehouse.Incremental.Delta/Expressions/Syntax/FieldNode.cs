namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>A field of a struct: <c>operand.name</c>.</summary>
internal sealed record FieldNode(SqlNode Operand, string Name) : SqlNode
{
    public override int Depth { get; } = Operand.Depth + 1;
}
