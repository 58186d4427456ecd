using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Merging;

/// <content>Why the rows of a key are what they are.</content>
public sealed partial class MergeFlow
{
    /// <summary>
    /// Explains the rows of a key: the events, the rule and the batch that produced the present row and each row of its history, and where the target differs
    /// from what the events say. Nothing is written. The rows are derived as a merge derives them, from the staged events of the key that the target has merged; of the staging
    /// table the files are read that may hold the key, and of both tables the commits that the log still has.
    /// </summary>
    /// <param name="staging">The staging table that the flow merges into the target.</param>
    /// <param name="target">The table.</param>
    /// <param name="key">A value for each of the flow's key columns, null for a null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The explanation; of a key that nobody knows, one without events and rows.</returns>
    /// <exception cref="ConfigurationDriftException">The target was built with another configuration.</exception>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: the key does not fit the key columns.</exception>
    public async Task<KeyExplanation> ExplainAsync(
        StagingTable staging, DeltaTable target, IReadOnlyList<object?> key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(staging);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(key);
        MergeTarget session = Session(target);
        await session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await new KeyExplainer(this, session, staging).ExplainAsync(key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            session.Gate.Release();
        }
    }
}
