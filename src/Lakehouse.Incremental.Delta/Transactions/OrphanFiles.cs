using Lakehouse.Incremental.Delta.Storage;
using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Deletes files that were written and that no version refers to.</summary>
internal static class OrphanFiles
{
    /// <param name="table">The table.</param>
    /// <param name="paths">Storage paths. It must be known that no commit that stands, or may stand, names them.</param>
    public static Task DiscardAsync(DeltaTable table, IEnumerable<string> paths) => DiscardAsync(table.Storage, table.Logger, paths);

    /// <inheritdoc cref="DiscardAsync(DeltaTable, IEnumerable{string})"/>
    public static async Task DiscardAsync(ITableStorage storage, ILogger logger, IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            try
            {
                await storage.DeleteAsync(path, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // A file that nothing refers to harms nobody; the outcome of the operation is what the caller must learn.
                logger.OrphanLeft(error, storage.Name, path);
            }
        }
    }
}
