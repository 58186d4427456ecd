using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.ChangeDataFeed;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.RowTracking;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Writes an outcome: new rows to new files, rows that leave into deletion vectors, or their files anew where those are not possible, and change
/// data. New rows go first, since their check is what may fail.
/// </summary>
internal sealed class OutcomeWriter(DeltaTable table, Snapshot after, TargetMatches target, MergeOutcome outcome, RowNames names)
{
    private readonly long _now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly WrittenMerge _written = new();

    /// <summary>Whatever was written is deleted again when it does not come to an end.</summary>
    public async Task<WrittenMerge> WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteNewRowsAsync(cancellationToken).ConfigureAwait(false);
            await RemoveAsync(cancellationToken).ConfigureAwait(false);
            await WriteChangesAsync(cancellationToken).ConfigureAwait(false);
            return _written;
        }
        catch
        {
            await OrphanFiles.DiscardAsync(table, _written.Paths).ConfigureAwait(false);
            throw;
        }
    }

    private async Task WriteNewRowsAsync(CancellationToken cancellationToken)
    {
        RecordBatch rows = ConcatKernel.Concat(after.Schema, [outcome.Updated, outcome.Inserted]);
        if (rows.Length == 0)
        {
            return;
        }

        RecordBatch values = rows;
        if (RowTrackingColumns.Of(after) is { } tracking && outcome.Updated.Length > 0)
        {
            rows = tracking.WithIds(rows, await IdsAsync(tracking, rows.Length, cancellationToken).ConfigureAwait(false));
        }

        try
        {
            EmptyPartitionCheck.Check(table.Storage.Name, after, values);
            _written.Add(await table.Writer.WriteAsync(after, [rows], RowOrigin.Completed, cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidRowsException error)
        {
            throw names.Named(error, outcome.Origins, part => Check(TakeKernel.Take(values, part)));
        }
    }

    private void Check(RecordBatch rows)
    {
        EmptyPartitionCheck.Check(table.Storage.Name, after, rows);
        RowRules.Of(after).Check(table.Storage.Name, [rows]);
    }

    // A row that replaces another one is the same row; new ones get their ids by the commit.
    private async Task<long?[]> IdsAsync(RowTrackingColumns tracking, int count, CancellationToken cancellationToken)
    {
        long?[] ids = new long?[count];
        foreach (IGrouping<int, int> part in Removed().Where(i => outcome.ReplacedBy[i] >= 0).GroupBy(File))
        {
            int[] positions = [.. part.Select(Position)];
            long?[] found = await tracking.IdsAsync(table, after, target.Files[part.Key], positions, cancellationToken).ConfigureAwait(false);
            foreach ((int removed, long? id) in part.Zip(found))
            {
                ids[outcome.ReplacedBy[removed]] = id;
            }
        }

        return ids;
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        List<(AddFile File, DeletionVector Rows)> marked = [];
        List<RecordBatch> survivors = [];
        foreach (IGrouping<int, int> part in Removed().GroupBy(File))
        {
            AddFile file = target.Files[part.Key];
            DeletionVector rows = DeletionVector.Of(part.Select(removed => (long)Position(removed)));
            if (after.TableProperties.EnableDeletionVectors && StatisticsJson.NumRecords(file.Stats) is not null)
            {
                marked.Add((file, rows));
                continue;
            }

            _written.Actions.Add(RemoveFile.Of(file, _now, dataChange: true));
            DeletionVector former = await table.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
            survivors.AddRange(await LiveRows.ReadToMoveAsync(table, after, file, former.Union(rows), cancellationToken).ConfigureAwait(false));
        }

        if (survivors.Exists(static rows => rows.Length > 0))
        {
            _written.RowsCopied = survivors.Sum(static rows => (long)rows.Length);
            _written.Add(await table.Writer.WriteAsync(after, survivors, RowOrigin.Table, cancellationToken).ConfigureAwait(false));
        }

        RowDeletionResult deletion = await RowDeletion.PrepareAsync(table.DeletionVectors, marked, _now, cancellationToken).ConfigureAwait(false);
        _written.Actions.AddRange(deletion.Actions);
        _written.Paths.AddRange(deletion.WrittenPaths);
        HashSet<string> staying = [.. deletion.Actions.OfType<AddFile>().Select(static file => file.Path)];
        _written.VectorsUpdated = marked.Count(file => file.File.DeletionVector is not null && staying.Contains(file.File.Path));
    }

    // Readers take the change data files of a commit for all its changes; where rows only enter, the new files say it all.
    private async Task WriteChangesAsync(CancellationToken cancellationToken)
    {
        if (!after.TableProperties.EnableChangeDataFeed || outcome.Removed.Length == 0)
        {
            return;
        }

        List<RowRef> rows = [];
        StringArray.Builder types = new();
        void Add(int batch, int row, string type)
        {
            rows.Add(new RowRef(batch, row));
            types.Append(type);
        }

        for (int i = 0; i < outcome.Removed.Length; i++)
        {
            int updated = outcome.ReplacedBy[i];
            Add(0, i, updated < 0 ? ChangeColumns.Delete : ChangeColumns.UpdatePreimage);
            if (updated >= 0)
            {
                Add(1, updated, ChangeColumns.UpdatePostimage);
            }
        }

        for (int row = 0; row < outcome.Inserted.Length; row++)
        {
            Add(2, row, ChangeColumns.Insert);
        }

        RecordBatch changed = InterleaveKernel.Interleave(
            after.Schema, [outcome.Before, outcome.Updated, outcome.Inserted], System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows));
        IArrowArray changeType = ManagedCopy.Copy(types.Build());
        RecordBatch changes = new(ChangeColumns.FileSchema(after.Schema), [.. changed.Arrays, changeType], changed.Length);
        _written.Add(await table.Writer.WriteChangesAsync(after, [changes], cancellationToken).ConfigureAwait(false));
    }

    private IEnumerable<int> Removed() => Enumerable.Range(0, outcome.Removed.Length);

    private int File(int removed) => target.Rows[outcome.Removed[removed]].File;

    private int Position(int removed) => target.Rows[outcome.Removed[removed]].Row;
}
