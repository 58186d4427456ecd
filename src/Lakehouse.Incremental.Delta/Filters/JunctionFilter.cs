namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>And, or.</summary>
internal sealed class JunctionFilter(Filter left, Filter right, bool isAnd) : Filter
{
    public Filter Left => left;

    public Filter Right => right;

    public bool IsAnd => isAnd;

    private protected override IEnumerable<string> ColumnNames() => NamesOf(left).Concat(NamesOf(right));
}
