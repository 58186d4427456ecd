namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>A column is null. Never unknown.</summary>
internal sealed class NullFilter(string column) : Filter
{
    public string Name => column;

    private protected override IEnumerable<string> ColumnNames() => [column];
}
