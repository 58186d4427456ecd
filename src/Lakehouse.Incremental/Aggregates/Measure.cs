namespace Lakehouse.Incremental.Aggregates;

/// <summary>A published column of an aggregate.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Column">The input column; null for a count of rows.</param>
/// <param name="Into">The published column.</param>
internal sealed record Measure(MeasureKind Kind, string? Column, string Into);
