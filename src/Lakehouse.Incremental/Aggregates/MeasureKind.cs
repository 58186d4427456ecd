namespace Lakehouse.Incremental.Aggregates;

/// <summary>What a measure computes.</summary>
internal enum MeasureKind
{
    Count,
    Sum,
    Min,
    Max,
}
