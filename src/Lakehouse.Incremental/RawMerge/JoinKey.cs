using Lakehouse.Incremental.Delta.Expressions;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>An equality between the sides that matching rows fulfil.</summary>
/// <param name="Target">An expression over the target.</param>
/// <param name="Source">An expression over the source, of the same type; or a decimal, where no type holds the values of both.</param>
/// <param name="NullSafe">Whether nulls are equal to each other.</param>
/// <param name="TargetColumn">The column of the target, when it is compared as it is or as a wider integer or decimal; null otherwise.</param>
internal sealed record JoinKey(BoundExpression Target, BoundExpression Source, bool NullSafe, int? TargetColumn);
