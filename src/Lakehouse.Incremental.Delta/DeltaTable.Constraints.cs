using Lakehouse.Incremental.Delta.Constraints;

namespace Lakehouse.Incremental.Delta;

/// <content>Conditions that the table holds its rows to.</content>
public sealed partial class DeltaTable
{
    /// <summary>
    /// Adds a CHECK constraint: from then on every writer refuses rows for which the condition is false or null. The rows that are there are checked first.
    /// </summary>
    /// <param name="name">Its name, whatever the case: letters, digits and underscores.</param>
    /// <param name="condition">The condition in Spark's SQL, such as <c>amount &gt; 0 AND currency IS NOT NULL</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the commit.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.ConstraintExists"/>: there is one of that name. <see cref="ErrorCodes.ExpressionInvalid"/>: the text is no condition over
    /// the columns. <see cref="ErrorCodes.InvalidConfiguration"/>: the name is none.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">
    /// The condition uses something this library does not know (<see cref="ErrorCodes.ExpressionNotSupported"/>).
    /// </exception>
    /// <exception cref="InvalidRowsException">Rows of the table break it (<see cref="ErrorCodes.ConstraintViolation"/>).</exception>
    /// <exception cref="CommitConflictException">Other writers changed the table again and again.</exception>
    public Task<long> AddConstraintAsync(string name, string condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(condition);
        return new ConstraintAddition(this, name, condition).RunAsync(cancellationToken);
    }

    /// <summary>Drops a CHECK constraint. The rows stay as they are.</summary>
    /// <param name="name">Its name, whatever the case.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the commit.</returns>
    /// <exception cref="LakehouseException">There is no constraint of that name (<see cref="ErrorCodes.ConstraintNotFound"/>).</exception>
    /// <exception cref="CommitConflictException">Other writers changed the table again and again.</exception>
    public Task<long> DropConstraintAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new ConstraintRemoval(this, name).RunAsync(cancellationToken);
    }
}
