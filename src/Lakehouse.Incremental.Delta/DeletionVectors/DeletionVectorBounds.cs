using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>A deletion vector belongs to a file when it deletes no row the file does not have.</summary>
internal static class DeletionVectorBounds
{
    /// <exception cref="CorruptTableException">The vector reaches beyond the rows that were read.</exception>
    public static void Check(DeletionVector deleted, AddFile file, long rows, string table)
    {
        if (deleted.LastRow >= rows)
        {
            throw new CorruptTableException(
                ErrorCodes.CorruptFile,
                FormattableString.Invariant(
                    $"The deletion vector of '{file.Path}' in '{table}' deletes row {deleted.LastRow}, but the file has {rows} rows."))
            {
                Table = table,
            };
        }
    }
}
