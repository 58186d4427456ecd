namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary><c>CASE WHEN … THEN … ELSE … END</c>; the form with a subject is rewritten to comparisons.</summary>
internal sealed record CaseNode(IReadOnlyList<SqlNode> Conditions, IReadOnlyList<SqlNode> Results, SqlNode? Otherwise) : SqlNode
{
    public override int Depth { get; } = Above(Otherwise is null ? [.. Conditions, .. Results] : [.. Conditions, .. Results, Otherwise]);
}
