namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>A column equals one of several literals. One node, so that long lists cost neither depth nor a pass each.</summary>
internal sealed class InFilter(string column, IReadOnlyList<object?> literals) : Filter
{
    public string Name => column;

    public IReadOnlyList<object?> Literals => literals;

    private protected override IEnumerable<string> ColumnNames() => [column];
}
