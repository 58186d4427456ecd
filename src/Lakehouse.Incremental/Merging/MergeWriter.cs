using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Writes a plan's files and returns the actions that make them part of the table: new rows to new files, replaced rows into deletion vectors, or their
/// files rewritten where the table has no deletion vectors.
/// </summary>
internal static class MergeWriter
{
    public static async Task<List<DeltaAction>> WriteAsync(DeltaTable table, Snapshot snapshot, KeyIndex index, MergePlan plan, CancellationToken cancellationToken)
    {
        long now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        List<DeltaAction> actions = [];
        List<RecordBatch> survivors = [];
        Dictionary<int, long[]> byFile = plan.Removed.GroupBy(l => l.File).ToDictionary(g => g.Key, g => g.Select(l => (long)l.Row).Order().ToArray());
        List<(IndexedFile File, DeletionVector Deleted)> marked = [];
        foreach ((int fileId, long[] rows) in byFile.OrderBy(f => index.File(f.Key).Add.Path, StringComparer.Ordinal))
        {
            IndexedFile file = index.File(fileId);
            DeletionVector deleted = file.Deleted.Union(rows);
            actions.Add(RemoveFile.Of(file.Add, now, dataChange: true));
            if (deleted.Cardinality == file.Rows)
            {
                continue;
            }

            if (snapshot.TableProperties.EnableDeletionVectors)
            {
                marked.Add((file, deleted));
            }
            else
            {
                survivors.AddRange(await SurvivorsAsync(table, snapshot, file, deleted, cancellationToken).ConfigureAwait(false));
            }
        }

        actions.AddRange(await MarkAsync(table, marked, cancellationToken).ConfigureAwait(false));
        if (survivors.Count > 0)
        {
            actions.AddRange(await table.Writer.WriteAsync(snapshot, survivors, cancellationToken).ConfigureAwait(false));
        }

        if (plan.Added.Length > 0)
        {
            actions.AddRange(await table.Writer.WriteAsync(snapshot, [plan.Added], cancellationToken).ConfigureAwait(false));
        }

        if (plan.Changes is { Length: > 0 } changes)
        {
            actions.AddRange(await table.Writer.WriteChangesAsync(snapshot, [changes], cancellationToken).ConfigureAwait(false));
        }

        return actions;
    }

    private static async Task<IEnumerable<AddFile>> MarkAsync(
        DeltaTable table, List<(IndexedFile File, DeletionVector Deleted)> marked, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeletionVectorDescriptor> descriptors = await table.DeletionVectors
            .WriteAsync([.. marked.Select(m => m.Deleted)], cancellationToken).ConfigureAwait(false);
        return marked.Zip(descriptors, (m, descriptor) => m.File.Add with
        {
            DeletionVector = descriptor,
            DataChange = true,
            Stats = StatisticsJson.WithWideBounds(m.File.Add.Stats, m.File.Rows),
        });
    }

    private static async Task<List<RecordBatch>> SurvivorsAsync(
        DeltaTable table, Snapshot snapshot, IndexedFile file, DeletionVector deleted, CancellationToken cancellationToken)
    {
        List<RecordBatch> kept = [];
        await foreach (FileBatch part in table.Reader
            .ReadAsync(snapshot, file.Add, snapshot.Schema, cancellationToken).ConfigureAwait(false))
        {
            bool[] keep = new bool[part.Batch.Length];
            System.Array.Fill(keep, true);
            deleted.MarkDeleted(part.FirstRow, keep);
            kept.Add(FilterKernel.Filter(part.Batch, keep));
        }

        return kept;
    }
}
