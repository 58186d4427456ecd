using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.RowTracking;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Reading;

/// <summary>The rows of one file that a deletion vector leaves, for writing them anew; with their ids in a table that keeps those.</summary>
internal static class LiveRows
{
    public static async Task<List<RecordBatch>> ReadAsync(
        DeltaTable table, Snapshot snapshot, AddFile file, DeletionVector deleted, CancellationToken cancellationToken)
    {
        List<RecordBatch> rows = [];
        RowTrackingColumns? tracking = RowTrackingColumns.Of(snapshot);
        IAsyncEnumerable<FileBatch> parts = tracking is null
            ? table.Reader.ReadAsync(snapshot, file, snapshot.Schema, cancellationToken)
            : table.Reader.ReadColumnsAsync(snapshot, file.Path, file.PartitionValues, tracking.Extended, cancellationToken);
        await foreach (FileBatch part in parts.ConfigureAwait(false))
        {
            bool[] keep = new bool[part.Batch.Length];
            System.Array.Fill(keep, true);
            deleted.MarkDeleted(part.FirstRow, keep);
            RecordBatch identified = tracking?.Resolve(part.Batch, file, row => part.FirstRow + row) ?? part.Batch;
            rows.Add(FilterKernel.Filter(identified, keep));
        }

        return rows;
    }
}
