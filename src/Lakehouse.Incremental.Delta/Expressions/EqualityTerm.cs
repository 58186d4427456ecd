using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions;

/// <summary>A term of a condition that compares two expressions for equality.</summary>
/// <param name="Left">What stands before the sign.</param>
/// <param name="Right">What stands behind it.</param>
/// <param name="NullSafe">Whether nulls are equal to each other (<c>&lt;=&gt;</c>).</param>
internal sealed record EqualityTerm(SqlExpression Left, SqlExpression Right, bool NullSafe)
{
    /// <summary>Both sides in one type, so that equal values have equal encodings; decimals that no one type holds in their own.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.ExpressionInvalid"/>: the two cannot be compared.</exception>
    /// <exception cref="UnsupportedFeatureException"><see cref="ErrorCodes.ExpressionNotSupported"/>: nested values of different types.</exception>
    public (BoundExpression Left, BoundExpression Right) Bind(StructType schema) => SqlExpression.BindComparable(Left, Right, schema);
}
