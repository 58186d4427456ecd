namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary><c>operand IN (item, …)</c>.</summary>
internal sealed record InNode(SqlNode Operand, IReadOnlyList<SqlNode> Items) : SqlNode
{
    public override int Depth { get; } = Above(Items.Append(Operand));
}
