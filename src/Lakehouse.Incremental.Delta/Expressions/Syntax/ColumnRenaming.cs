namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>Gives the columns of an expression other names, so that columns of two tables can stand side by side in one batch.</summary>
/// <param name="qualifiers">Names before a dot that stand for a table, in any case.</param>
/// <param name="rename">The new name of a column, by its qualifier (null for none) and its name.</param>
internal sealed class ColumnRenaming(IReadOnlyList<string> qualifiers, Func<string?, string, string> rename)
{
    public SqlNode Apply(SqlNode node) => node switch
    {
        NameNode name => new NameNode(rename(null, name.Name)),
        FieldNode { Operand: NameNode table } field when IsQualifier(table.Name) => new NameNode(rename(table.Name, field.Name)),
        FieldNode field => new FieldNode(Apply(field.Operand), field.Name),
        JunctionNode junction => new JunctionNode(junction.IsAnd, All(junction.Terms)),
        InNode list => new InNode(Apply(list.Operand), All(list.Items)),
        CaseNode choice => new CaseNode(
            All(choice.Conditions), All(choice.Results), choice.Otherwise is null ? null : Apply(choice.Otherwise)),
        CastNode cast => new CastNode(Apply(cast.Operand), cast.Type, cast.IsTry),
        CallNode call => new CallNode(call.Name, All(call.Arguments)),
        _ => node,
    };

    private IReadOnlyList<SqlNode> All(IReadOnlyList<SqlNode> nodes) => [.. nodes.Select(Apply)];

    private bool IsQualifier(string name) => qualifiers.Contains(name, StringComparer.OrdinalIgnoreCase);
}
