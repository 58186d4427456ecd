using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Reads which rows a commit marked as deleted: those of the new deletion vector of a file that are not in the old one.</summary>
internal static class MarkedRows
{
    /// <param name="store">Where the vectors are.</param>
    /// <param name="actions">A commit or a plan.</param>
    /// <param name="wanted">For which of the files that stay it is asked.</param>
    /// <param name="cancellationToken">Cancels between files.</param>
    /// <returns>By <see cref="LogicalFile.PathKey"/>; without files that got a row back.</returns>
    public static async Task<IReadOnlyDictionary<string, DeletionVector>> ReadAsync(
        DeletionVectorStore store, IReadOnlyList<DeltaAction> actions, Func<AddFile, bool> wanted, CancellationToken cancellationToken)
    {
        Dictionary<string, DeletionVector> marked = new(StringComparer.Ordinal);
        Dictionary<string, RemoveFile>? removed = null;
        foreach (AddFile after in actions.OfType<AddFile>().Where(static file => file.DeletionVector is not null))
        {
            removed ??= actions.OfType<RemoveFile>().DistinctBy(Key).ToDictionary(Key, StringComparer.Ordinal);
            string key = LogicalFile.PathKey(after.Path);
            if (!removed.TryGetValue(key, out RemoveFile? before) || !wanted(after))
            {
                continue;
            }

            DeletionVector old = await store.LoadAsync(before.DeletionVector, cancellationToken).ConfigureAwait(false);
            DeletionVector now = await store.LoadAsync(after.DeletionVector, cancellationToken).ConfigureAwait(false);
            if (old.Except(now).IsEmpty)
            {
                marked[key] = now.Except(old);
            }
        }

        return marked;

        static string Key(RemoveFile file) => LogicalFile.PathKey(file.Path);
    }
}
