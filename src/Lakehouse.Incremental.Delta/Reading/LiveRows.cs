using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.RowTracking;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Reading;

/// <summary>The rows of one file that a deletion vector leaves.</summary>
internal static class LiveRows
{
    /// <summary>In the table's schema.</summary>
    public static async Task<List<RecordBatch>> ReadAsync(
        DeltaTable table, Snapshot snapshot, AddFile file, DeletionVector deleted, CancellationToken cancellationToken)
    {
        List<RecordBatch> rows = [];
        await foreach (FileBatch part in table.Reader.ReadAsync(snapshot, file, snapshot.Schema, cancellationToken).ConfigureAwait(false))
        {
            rows.Add(Live(part.Batch, part.FirstRow, deleted));
        }

        return rows;
    }

    /// <summary>For writing them to another file: with their ids, where the table keeps those (<see cref="RowTrackingColumns.Extended"/>).</summary>
    public static async Task<List<RecordBatch>> ReadToMoveAsync(
        DeltaTable table, Snapshot snapshot, AddFile file, DeletionVector deleted, CancellationToken cancellationToken)
    {
        if (RowTrackingColumns.Of(snapshot) is not { } tracking)
        {
            return await ReadAsync(table, snapshot, file, deleted, cancellationToken).ConfigureAwait(false);
        }

        List<RecordBatch> rows = [];
        await foreach (FileBatch part in table.Reader.ReadAsync(snapshot, file, tracking.Extended, cancellationToken).ConfigureAwait(false))
        {
            rows.Add(Live(tracking.Resolve(part.Batch, file, row => part.FirstRow + row), part.FirstRow, deleted));
        }

        return rows;
    }

    private static RecordBatch Live(RecordBatch rows, long firstRow, DeletionVector deleted)
    {
        bool[] keep = new bool[rows.Length];
        System.Array.Fill(keep, true);
        deleted.MarkDeleted(firstRow, keep);
        return FilterKernel.Filter(rows, keep);
    }
}
