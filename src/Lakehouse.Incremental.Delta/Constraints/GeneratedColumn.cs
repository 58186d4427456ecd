using Lakehouse.Incremental.Delta.Expressions;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>A column whose values follow from the others of its row.</summary>
/// <param name="Position">Its position in the schema.</param>
/// <param name="Value">The values, in the type of the column.</param>
internal sealed record GeneratedColumn(int Position, BoundExpression Value);
