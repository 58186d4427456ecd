namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>Conditions joined by AND or OR. A long chain is one node, so that it is not deep.</summary>
internal sealed record JunctionNode(bool IsAnd, IReadOnlyList<SqlNode> Terms) : SqlNode
{
    public override int Depth { get; } = Above(Terms);
}
