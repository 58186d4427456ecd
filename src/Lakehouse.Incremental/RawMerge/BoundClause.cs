using Lakehouse.Incremental.Delta.Expressions;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>A clause over the columns of a version.</summary>
/// <param name="Clause">As it was written.</param>
/// <param name="Condition">Null when it is for all rows of its family.</param>
/// <param name="Values">What it gives to columns, by their position in the table as it will be; empty for a delete.</param>
internal sealed record BoundClause(MergeClause Clause, BoundExpression? Condition, IReadOnlyList<(int Column, BoundExpression Value)> Values);
