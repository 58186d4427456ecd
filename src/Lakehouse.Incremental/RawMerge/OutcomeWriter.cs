using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.RowTracking;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Writes what becomes of rows, as it comes in: new rows to new files, rows that leave into deletion vectors, or their files anew where those are not
/// possible, and change data.
/// </summary>
internal sealed class OutcomeWriter
{
    private readonly DeltaTable _table;
    private readonly Snapshot _after;
    private readonly bool _atOnce;
    private readonly CancellationToken _cancellationToken;
    private readonly long _now;
    private readonly RowBuffer _new;
    private readonly RowBuffer _survivors;
    private readonly RowBuffer _changes;
    private readonly List<(AddFile File, DeletionVector Rows)> _marked = [];
    private readonly List<(int Target, int Source)> _origins = [];
    private RowNames? _names;
    private bool _updates;
    private bool _removes;

    /// <param name="table">The table.</param>
    /// <param name="after">The version that is merged into, with the columns it will have.</param>
    /// <param name="atOnce">Whether nothing is written before all is there, so that rows which break a rule can be named and counted.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public OutcomeWriter(DeltaTable table, Snapshot after, bool atOnce, CancellationToken cancellationToken)
    {
        (_table, _after, _atOnce, _cancellationToken) = (table, after, atOnce, cancellationToken);
        _now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        long rowsPerFile = atOnce ? int.MaxValue : table.Options.MaxRowsPerFile;
        bool isSplit = after.PartitionColumns.Count > 0;
        _new = new RowBuffer(rowsPerFile, isSplit, WriteNewRowsAsync);
        _survivors = new RowBuffer(rowsPerFile, isSplit, WriteSurvivorsAsync);
        _changes = new RowBuffer(rowsPerFile, isSplit, WriteChangesAsync);
    }

    /// <summary>What was written so far.</summary>
    public WrittenMerge Written { get; } = new();

    /// <param name="outcome">What becomes of the next files.</param>
    /// <param name="names">Names rows that break a rule.</param>
    public async Task AddAsync(FileOutcome outcome, RowNames names)
    {
        _names = names;
        _origins.AddRange(_atOnce ? outcome.Origins : []);
        _updates |= outcome.Updated.Length > 0;
        _removes |= outcome.RemovedRows > 0;
        await _new.AddAsync(outcome.Updated).ConfigureAwait(false);
        foreach ((AddFile file, DeletionVector rows) in outcome.Removed)
        {
            await RemoveAsync(file, rows).ConfigureAwait(false);
        }

        if (outcome.Changes is { } changes)
        {
            await _changes.AddAsync(changes).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the rest.</summary>
    public async Task<WrittenMerge> FinishAsync(InsertedRows inserted)
    {
        _origins.AddRange(inserted.Sources.Select(static row => (-1, row)));
        bool tracked = _updates && inserted.Rows.Length > 0;
        await _new.AddAsync(tracked && RowTrackingColumns.Of(_after) is { } tracking
            ? tracking.WithIds(inserted.Rows, new long?[inserted.Rows.Length])
            : inserted.Rows).ConfigureAwait(false);
        await _new.FlushAsync().ConfigureAwait(false);
        await _survivors.FlushAsync().ConfigureAwait(false);
        RowDeletionResult deletion =
            await RowDeletion.PrepareAsync(_table.DeletionVectors, _marked, _now, _cancellationToken).ConfigureAwait(false);
        Written.Actions.AddRange(deletion.Actions);
        Written.Paths.AddRange(deletion.WrittenPaths);
        HashSet<string> staying = [.. deletion.Actions.OfType<AddFile>().Select(static file => file.Path)];
        Written.VectorsUpdated = _marked.Count(file => file.File.DeletionVector is not null && staying.Contains(file.File.Path));

        // Readers take the change data files of a commit for all its changes; where rows only enter, the new files say it all.
        if (_after.TableProperties.EnableChangeDataFeed && _removes)
        {
            await _changes.AddAsync(ChangeRows.OfInserted(_after, inserted.Rows)).ConfigureAwait(false);
            await _changes.FlushAsync().ConfigureAwait(false);
        }

        return Written;
    }

    private async Task WriteNewRowsAsync(IReadOnlyList<RecordBatch> rows)
    {
        try
        {
            foreach (RecordBatch part in rows)
            {
                EmptyPartitionCheck.Check(_table.Storage.Name, _after, part);
            }

            Written.Add(await _table.Writer.WriteAsync(_after, rows, RowOrigin.Completed, _cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidRowsException error) when (_atOnce && _names is not null)
        {
            RecordBatch all = ConcatKernel.Concat(rows[0].Schema, rows);
            throw _names.Named(error, _origins, part => Check(TakeKernel.Take(all, part)));
        }
    }

    private void Check(RecordBatch rows)
    {
        EmptyPartitionCheck.Check(_table.Storage.Name, _after, rows);
        RowRules.Of(_after).Check(_table.Storage.Name, [rows]);
    }

    private async Task RemoveAsync(AddFile file, DeletionVector rows)
    {
        if (_after.TableProperties.EnableDeletionVectors && StatisticsJson.NumRecords(file.Stats) is not null)
        {
            _marked.Add((file, rows));
            return;
        }

        Written.Actions.Add(RemoveFile.Of(file, _now, dataChange: true));
        DeletionVector former = await _table.DeletionVectors.LoadAsync(file.DeletionVector, _cancellationToken).ConfigureAwait(false);
        foreach (RecordBatch part in await LiveRows.ReadToMoveAsync(_table, _after, file, former.Union(rows), _cancellationToken).ConfigureAwait(false))
        {
            await _survivors.AddAsync(part).ConfigureAwait(false);
        }
    }

    private async Task WriteSurvivorsAsync(IReadOnlyList<RecordBatch> rows)
    {
        Written.RowsCopied += rows.Sum(static part => (long)part.Length);
        Written.Add(await _table.Writer.WriteAsync(_after, rows, RowOrigin.Table, _cancellationToken).ConfigureAwait(false));
    }

    private async Task WriteChangesAsync(IReadOnlyList<RecordBatch> rows) =>
        Written.Add(await _table.Writer.WriteChangesAsync(_after, rows, _cancellationToken).ConfigureAwait(false));
}
