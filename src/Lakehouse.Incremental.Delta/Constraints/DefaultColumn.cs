using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>A column with a value for rows that bring none.</summary>
/// <param name="Position">Its position in the schema.</param>
/// <param name="Field">The column.</param>
/// <param name="Expression">The value. It may ask for the current time, so it is bound anew for each write.</param>
internal sealed record DefaultColumn(int Position, StructField Field, SqlExpression Expression)
{
    private static readonly StructType NoColumns = new([]);

    /// <summary>The value in the type of the column. It cannot speak of other columns.</summary>
    public BoundExpression Bind(DateTimeOffset now) => Expression.BindAs(NoColumns, Field.Type, now);
}
