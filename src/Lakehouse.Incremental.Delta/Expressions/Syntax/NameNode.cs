namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>A column, by its name.</summary>
internal sealed record NameNode(string Name) : SqlNode
{
    public override int Depth => 1;
}
