using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Explain;

/// <summary>Commits as far as the log still has them.</summary>
internal static class CommitsOfLog
{
    /// <summary>The actions of a version; null when its commit was cleaned up.</summary>
    public static async Task<IReadOnlyList<DeltaAction>?> ReadAsync(DeltaTable table, long version, CancellationToken cancellationToken)
    {
        try
        {
            return await table.Log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
        }
        catch (LakehouseException error) when (string.Equals(error.ErrorCode, ErrorCodes.VersionNotFound, StringComparison.Ordinal))
        {
            return null;
        }
    }
}
