namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>How a column is compared with a literal.</summary>
internal enum Comparison
{
    Equal,
    NotEqual,
    LessThan,
    LessThanOrEqual,
    GreaterThan,
    GreaterThanOrEqual,
}
