using Lakehouse.Incremental.Delta.Deleting;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Delta;

/// <content>Deleting rows.</content>
public sealed partial class DeltaTable
{
    /// <summary>
    /// Deletes the rows for which a condition is true, in one commit. Files whose rows all go are removed; others get a deletion vector where the
    /// table has them (<c>delta.enableDeletionVectors</c>), and are written anew where it has not. A condition on partition columns only reads no
    /// file.
    /// </summary>
    /// <remarks>
    /// Rows that another writer deletes from the same file at the same time do no harm. Under <c>delta.isolationLevel</c> <c>WriteSerializable</c>,
    /// the default, matching rows that a concurrent append adds may stay; under <c>Serializable</c> they are deleted too.
    /// </remarks>
    /// <param name="filter">Which rows; null deletes all. Rows for which the condition is unknown stay.</param>
    /// <param name="options">Transaction and user metadata; null for neither.</param>
    /// <param name="cancellationToken">Cancels the call. When it does so while the commit is on its way, the commit may stand.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.AppendOnly"/>: the table is append-only. <see cref="ErrorCodes.SchemaMismatch"/>: the filter does not fit the schema.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">The table needs a feature this library cannot write.</exception>
    /// <exception cref="CorruptTableException">A file is missing or damaged.</exception>
    /// <exception cref="CommitConflictException">Other writers changed the same rows again and again.</exception>
    public Task<DeleteResult> DeleteAsync(Filter? filter, DeleteOptions? options = null, CancellationToken cancellationToken = default) =>
        new DeleteOperation(this, filter, options ?? new()).RunAsync(cancellationToken);
}
