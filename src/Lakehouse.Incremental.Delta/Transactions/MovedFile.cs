using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>A file whose live rows were moved.</summary>
/// <param name="File">The file.</param>
/// <param name="Deleted">The rows that stayed behind because they were deleted already.</param>
internal sealed record MovedFile(AddFile File, DeletionVector Deleted)
{
    public string PathKey { get; } = LogicalFile.PathKey(File.Path);

    /// <summary>Number of rows that were moved; null when the statistics do not tell.</summary>
    public long? Rows => RowCounts.Of(File with { DeletionVector = null }) - Deleted.Cardinality;

    /// <summary>The places of some live rows, in ascending order, among all live rows of the file.</summary>
    public IEnumerable<long> Ordinals(DeletionVector rows)
    {
        using IEnumerator<long> gone = Deleted.Rows.GetEnumerator();
        bool more = gone.MoveNext();
        long before = 0;
        foreach (long row in rows.Rows)
        {
            while (more && gone.Current < row)
            {
                before++;
                more = gone.MoveNext();
            }

            yield return row - before;
        }
    }
}
