using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Reading;

/// <summary>The rows of one file that a deletion vector leaves, for writing them anew.</summary>
internal static class LiveRows
{
    public static async Task<List<RecordBatch>> ReadAsync(
        DeltaTable table, Snapshot snapshot, AddFile file, DeletionVector deleted, CancellationToken cancellationToken)
    {
        List<RecordBatch> rows = [];
        await foreach (FileBatch part in table.Reader.ReadAsync(snapshot, file, snapshot.Schema, cancellationToken).ConfigureAwait(false))
        {
            bool[] keep = new bool[part.Batch.Length];
            System.Array.Fill(keep, true);
            deleted.MarkDeleted(part.FirstRow, keep);
            rows.Add(FilterKernel.Filter(part.Batch, keep));
        }

        return rows;
    }
}
