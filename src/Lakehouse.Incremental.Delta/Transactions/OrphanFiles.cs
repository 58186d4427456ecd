namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Deletes files that were written and that no version refers to.</summary>
internal static class OrphanFiles
{
    /// <param name="table">The table.</param>
    /// <param name="paths">Storage paths. It must be known that no commit that stands, or may stand, names them.</param>
    public static async Task DiscardAsync(DeltaTable table, IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            try
            {
                await table.Storage.DeleteAsync(path, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // A file that nothing refers to harms nobody; the outcome of the operation is what the caller must learn.
                table.Logger.OrphanLeft(error, table.Storage.Name, path);
            }
        }
    }
}
