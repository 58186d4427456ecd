namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>A span of time, which may be added to dates and timestamps.</summary>
/// <param name="Months">Months; 0 for spans of fixed length.</param>
/// <param name="Micros">Microseconds; 0 for months and years.</param>
internal sealed record IntervalNode(int Months, long Micros) : SqlNode
{
    public override int Depth => 1;
}
