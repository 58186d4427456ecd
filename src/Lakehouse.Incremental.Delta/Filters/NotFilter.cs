namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>Not.</summary>
internal sealed class NotFilter(Filter inner) : Filter
{
    public Filter Inner => inner;

    private protected override IEnumerable<string> ColumnNames() => NamesOf(inner);
}
