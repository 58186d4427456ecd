namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>A node of an expression as it was written: no names are resolved and no types known.</summary>
internal abstract record SqlNode
{
    /// <summary>Levels of nodes from here down. It is limited, so that walking a tree by recursion is safe.</summary>
    public abstract int Depth { get; }

    protected static int Above(IEnumerable<SqlNode> children) => 1 + children.Select(static child => child.Depth).DefaultIfEmpty().Max();
}
