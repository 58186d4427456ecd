namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>A column compared with a literal; a null literal makes it unknown.</summary>
internal sealed class ComparisonFilter(string column, Comparison comparison, object? literal) : Filter
{
    public string Name => column;

    public Comparison Comparison => comparison;

    public object? Literal => literal;

    /// <summary>Whether the comparison holds for a value that stands so to the literal.</summary>
    public static bool Holds(Comparison comparison, int order) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.LessThan => order < 0,
        Comparison.LessThanOrEqual => order <= 0,
        Comparison.GreaterThan => order > 0,
        _ => order >= 0,
    };

    private protected override IEnumerable<string> ColumnNames() => [column];
}
