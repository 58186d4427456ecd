namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>A function or an operator with its arguments. Operators have the name of their symbol or keyword, functions are in lower case.</summary>
internal sealed record CallNode(string Name, IReadOnlyList<SqlNode> Arguments) : SqlNode
{
    public override int Depth { get; } = Above(Arguments);
}
