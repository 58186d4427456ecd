using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Writes a plan's files and returns the actions that make them part of the table: new rows to new files, replaced rows into deletion vectors, or their
/// files rewritten where a deletion vector is not possible.
/// </summary>
internal static class MergeWriter
{
    public static async Task<WrittenPlan> WriteAsync(
        DeltaTable table, Snapshot snapshot, KeyIndex index, MergePlan plan, CancellationToken cancellationToken)
    {
        EmptyPartitionCheck.Check(table.Storage.Name, snapshot, plan.Added);
        long now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        WrittenPlan written = new();
        List<(AddFile File, DeletionVector Rows)> marked = [];
        List<RecordBatch> survivors = [];
        foreach (IGrouping<int, RowLocation> rows in plan.Removed.GroupBy(l => l.File).OrderBy(g => index.File(g.Key).Add.Path, StringComparer.Ordinal))
        {
            IndexedFile file = index.File(rows.Key);
            DeletionVector removed = DeletionVector.Of(rows.Select(l => (long)l.Row));
            if (snapshot.TableProperties.EnableDeletionVectors && StatisticsJson.NumRecords(file.Add.Stats) is not null)
            {
                marked.Add((file.Add, removed));
                continue;
            }

            written.Actions.Add(RemoveFile.Of(file.Add, now, dataChange: true));
            survivors.AddRange(await LiveRows.ReadToMoveAsync(table, snapshot, file.Add, file.Deleted.Union(removed), cancellationToken).ConfigureAwait(false));
        }

        RowDeletionResult deletion = await RowDeletion.PrepareAsync(table.DeletionVectors, marked, now, cancellationToken).ConfigureAwait(false);
        written.Actions.AddRange(deletion.Actions);
        written.Paths.AddRange(deletion.WrittenPaths);
        await AddAsync(survivors, RowOrigin.Table).ConfigureAwait(false);
        RecordBatch added = await RowIdentities.KeepAsync(table, snapshot, index, plan, cancellationToken).ConfigureAwait(false);
        await AddAsync([added], RowOrigin.Given).ConfigureAwait(false);
        if (plan.Changes is { Length: > 0 } changes)
        {
            written.Add(await table.Writer.WriteChangesAsync(snapshot, [changes], cancellationToken).ConfigureAwait(false));
        }

        return written;

        async Task AddAsync(List<RecordBatch> rows, RowOrigin origin)
        {
            if (rows.Exists(r => r.Length > 0))
            {
                written.Add(await table.Writer.WriteAsync(snapshot, rows, origin, cancellationToken).ConfigureAwait(false));
            }
        }
    }
}
