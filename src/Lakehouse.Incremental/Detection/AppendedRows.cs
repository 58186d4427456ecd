using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Detection;

/// <summary>Change detection on an append-only table: the rows that a version added. Maintenance commits add none.</summary>
internal static class AppendedRows
{
    /// <summary>The rows added by one version, in file order.</summary>
    public static async Task<IReadOnlyList<RecordBatch>> ReadAsync(DeltaTable table, Snapshot snapshot, long version, CancellationToken cancellationToken)
    {
        List<RecordBatch> rows = [];
        foreach (AddFile add in (await table.Log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false)).OfType<AddFile>().Where(a => a.DataChange))
        {
            await foreach (FileBatch part in table.Reader.ReadAsync(snapshot, add, snapshot.Schema, cancellationToken).ConfigureAwait(false))
            {
                rows.Add(part.Batch);
            }
        }

        return rows;
    }
}
