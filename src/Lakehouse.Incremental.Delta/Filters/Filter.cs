namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>
/// A condition over the columns of a row, with SQL's three-valued logic: a comparison with null is unknown, and only rows for which the condition is true
/// are kept. For comparison -0.0 equals 0.0, and NaN equals NaN and is greater than all other numbers. Immutable.
/// </summary>
public abstract class Filter
{
    private protected Filter()
    {
    }

    /// <summary>The columns the condition speaks of, each once.</summary>
    internal IReadOnlyList<string> Columns => [.. ColumnNames().Distinct(StringComparer.Ordinal)];

    /// <summary>Begins a condition on a column.</summary>
    /// <param name="name">The exact name of a top-level column.</param>
    public static FilterColumn Column(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new FilterColumn(name);
    }

    /// <summary>Both hold.</summary>
    public static Filter operator &(Filter left, Filter right) => new JunctionFilter(left, right, isAnd: true);

    /// <summary>At least one holds.</summary>
    public static Filter operator |(Filter left, Filter right) => new JunctionFilter(left, right, isAnd: false);

    /// <summary>It does not hold; unknown stays unknown.</summary>
    public static Filter operator !(Filter filter) => new NotFilter(filter);

    /// <summary>Both hold.</summary>
    public static Filter BitwiseAnd(Filter left, Filter right) => left & right;

    /// <summary>At least one holds.</summary>
    public static Filter BitwiseOr(Filter left, Filter right) => left | right;

    /// <summary>It does not hold; unknown stays unknown.</summary>
    public static Filter LogicalNot(Filter filter) => !filter;

    private protected abstract IEnumerable<string> ColumnNames();

    private protected static IEnumerable<string> NamesOf(Filter filter) => filter.ColumnNames();
}
