using Lakehouse.Incremental.Delta.Expressions;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>A condition that each row of a table fulfils.</summary>
/// <param name="ErrorCode">The code of a row that does not.</param>
/// <param name="Owner">What it is called in messages: the constraint, or the rule of a column.</param>
/// <param name="Condition">The condition; null is no better than false.</param>
/// <param name="Sql">The text of the rule.</param>
internal sealed record RowCondition(string ErrorCode, string Owner, BoundExpression Condition, string Sql);
