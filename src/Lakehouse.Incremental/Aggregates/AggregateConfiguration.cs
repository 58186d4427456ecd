namespace Lakehouse.Incremental.Aggregates;

/// <summary>What an aggregate flow was built with.</summary>
internal sealed record AggregateConfiguration(string Name, IReadOnlyList<string> GroupBy, IReadOnlyList<Measure> Measures);
