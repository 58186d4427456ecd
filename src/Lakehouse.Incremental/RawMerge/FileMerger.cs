using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.RowTracking;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Merges the rows of some files: finds those that matter, reads of them what is needed, and works out what becomes of them. Files do not depend on each
/// other, so several may be at work at once.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="after">The version that is merged into, with the columns it will have.</param>
/// <param name="merge">The statement.</param>
/// <param name="scan">Finds rows.</param>
/// <param name="index">The source by key.</param>
/// <param name="resolver">Works out what clauses do.</param>
/// <param name="cardinality">Checks that there is one result.</param>
internal sealed class FileMerger(
    DeltaTable table, Snapshot after, BoundMerge merge, TargetScan scan, SourceIndex index, MergeResolver resolver, MergeCardinality cardinality)
{
    /// <param name="files">The files.</param>
    /// <param name="readers">How many threads may work for one file.</param>
    /// <param name="namesRows">Whether rows without a result are named in the error: possible only where these are all files.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async Task<(FileOutcome Outcome, RowNames Names)> MergeAsync(
        IReadOnlyList<TargetFile> files, int readers, bool namesRows, CancellationToken cancellationToken)
    {
        TargetMatches target = await scan.FindAsync(files, readers > 1, cancellationToken).ConfigureAwait(false);
        if (merge.TakesEachMatch)
        {
            cardinality.CheckOneSource(target, index);
        }

        TargetReader reader = new(table, after, target, readers, merge.Definition.OnTargetRead);
        TargetNeeds needs = new(merge, after, namesRows);
        TargetValues values = target.Count == 0 || needs.Columns.Count == 0
            ? TargetValues.None
            : await reader.ReadAsync(needs.Columns, needs.Rows(target), cancellationToken).ConfigureAwait(false);
        RowNames names = new(table.Storage.Name, merge, namesRows ? values : null, index.Keys);
        ResolvedRows resolved = resolver.Resolve(target, values, names, readers);
        await new ChangedRows(merge, reader, new StatisticsDifference(after, target)).MarkAsync(resolved.Updates, values, cancellationToken).ConfigureAwait(false);
        LeavingRows leaving = LeavingRows.Of(resolved);
        RecordBatch updated = await new ReplacingRows(after, reader).ReadAsync(resolved.Updates, leaving, values, cancellationToken).ConfigureAwait(false);
        RecordBatch? changes = needs.ReadsAll && leaving.Rows.Length > 0 ? ChangeRows.Of(after, values, leaving, updated) : null;
        if (RowTrackingColumns.Of(after) is { } tracking && updated.Length > 0)
        {
            updated = tracking.WithIds(updated, await IdsAsync(tracking, target, leaving, cancellationToken).ConfigureAwait(false));
        }

        FileOutcome outcome = new()
        {
            Files = target.Files,
            Scanned = files.Count,
            Removed = Removed(target, leaving.Rows),
            Updated = updated,
            Changes = changes,
            Origins = leaving.Origins,
            TakenSources = resolved.TakenSources,
            KeepsMatches = leaving.KeepsMatches,
            RemovedRows = leaving.Rows.Length,
            MatchedUpdated = leaving.Replaced.Count(resolved.Pairs.HasTarget),
            MatchedDeleted = leaving.Rows.Count(row => resolved.Deleted[row] && resolved.Pairs.HasTarget(row)),
            Unchanged = resolved.Updates.Sum(static update => update.Changed.Count(static changed => !changed)),
        };
        return (outcome, names);
    }

    private static List<(AddFile File, DeletionVector Rows)> Removed(TargetMatches target, int[] rows)
    {
        List<(AddFile File, DeletionVector Rows)> removed = [];
        foreach ((AddFile file, int first, int count) in target.ByFile(rows))
        {
            long[] positions = new long[count];
            for (int i = 0; i < count; i++)
            {
                positions[i] = target.Positions[rows[first + i]];
            }

            removed.Add((file, DeletionVector.Of(positions.AsSpan())));
        }

        return removed;
    }

    // A row that replaces another one is the same row; new ones get their ids by the commit.
    private async Task<long?[]> IdsAsync(RowTrackingColumns tracking, TargetMatches target, LeavingRows leaving, CancellationToken cancellationToken)
    {
        List<long?> ids = [];
        foreach ((AddFile file, int first, int count) in target.ByFile(leaving.Replaced))
        {
            int[] positions = new int[count];
            for (int i = 0; i < count; i++)
            {
                positions[i] = target.Positions[leaving.Replaced[first + i]];
            }

            ids.AddRange(await tracking.IdsAsync(table, after, file, positions, cancellationToken).ConfigureAwait(false));
        }

        return [.. ids];
    }
}
