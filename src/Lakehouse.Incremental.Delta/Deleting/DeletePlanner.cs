using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.ChangeDataFeed;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Deleting;

/// <summary>Writes what a deletion needs: deletion vectors, or the files anew without the rows, and change data; and says what to commit.</summary>
internal sealed class DeletePlanner(DeltaTable table, Snapshot snapshot)
{
    private readonly long _now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly DeletePlan _plan = new();

    public async Task<DeletePlan> PlanAsync(IReadOnlyList<FileMatch> matches, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(matches, cancellationToken).ConfigureAwait(false);
            return _plan;
        }
        catch
        {
            await OrphanFiles.DiscardAsync(table, _plan.WrittenPaths).ConfigureAwait(false);
            throw;
        }
    }

    private async Task WriteAsync(IReadOnlyList<FileMatch> matches, CancellationToken cancellationToken)
    {
        List<FileMatch> marked = [];
        foreach (FileMatch match in matches)
        {
            _plan.RowsDeleted += match.Count;
            if (match.IsWhole)
            {
                _plan.Actions.Add(RemoveFile.Of(match.File, _now, dataChange: true));
                _plan.FilesRemoved++;
            }
            else if (snapshot.TableProperties.EnableDeletionVectors && StatisticsJson.NumRecords(match.File.Stats) is not null)
            {
                marked.Add(match);
            }
            else
            {
                await RewriteAsync(match, cancellationToken).ConfigureAwait(false);
            }
        }

        await MarkAsync(marked, cancellationToken).ConfigureAwait(false);

        // Readers take the change data files of a commit for all its changes, so either none or every deleted row is in them.
        if (snapshot.TableProperties.EnableChangeDataFeed && matches.Any(static match => !match.IsWhole))
        {
            await WriteChangesAsync(matches, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MarkAsync(List<FileMatch> marked, CancellationToken cancellationToken)
    {
        RowDeletionResult deletion = await RowDeletion
            .PrepareAsync(table.DeletionVectors, [.. marked.Select(static m => (m.File, m.Rows!))], _now, cancellationToken).ConfigureAwait(false);
        _plan.Actions.AddRange(deletion.Actions);
        _plan.WrittenPaths.AddRange(deletion.WrittenPaths);
        _plan.VectorsAdded = marked.Count(static match => match.File.DeletionVector is null);
        _plan.VectorsUpdated = marked.Count - _plan.VectorsAdded;
    }

    private async Task RewriteAsync(FileMatch match, CancellationToken cancellationToken)
    {
        DeletionVector former = await table.DeletionVectors.LoadAsync(match.File.DeletionVector, cancellationToken).ConfigureAwait(false);
        List<RecordBatch> kept =
            await LiveRows.ReadToMoveAsync(table, snapshot, match.File, former.Union(match.Rows!), cancellationToken).ConfigureAwait(false);
        _plan.Actions.Add(RemoveFile.Of(match.File, _now, dataChange: true));
        _plan.Add(await table.Writer.WriteAsync(snapshot, kept, RowOrigin.Table, cancellationToken).ConfigureAwait(false));
        _plan.RowsCopied += kept.Sum(static rows => (long)rows.Length);
        _plan.FilesRewritten++;
    }

    private async Task WriteChangesAsync(IReadOnlyList<FileMatch> matches, CancellationToken cancellationToken)
    {
        Schema schema = ChangeColumns.FileSchema(snapshot.Schema);
        List<RecordBatch> changes = [];
        foreach (FileMatch match in matches)
        {
            foreach (RecordBatch rows in await DeletedRowsAsync(match, cancellationToken).ConfigureAwait(false))
            {
                IArrowArray change = ConstantArray.Create(StringType.Default, ChangeColumns.Delete, rows.Length);
                changes.Add(new RecordBatch(schema, [.. rows.Arrays, change], rows.Length));
            }
        }

        _plan.Add(await table.Writer.WriteChangesAsync(snapshot, changes, cancellationToken).ConfigureAwait(false));
    }

    private async Task<List<RecordBatch>> DeletedRowsAsync(FileMatch match, CancellationToken cancellationToken)
    {
        if (match.Rows is { } rows)
        {
            int[] positions = [.. rows.Rows.Select(static row => checked((int)row))];
            return [await table.Reader.ReadRowsAsync(snapshot, match.File, snapshot.Schema, positions, cancellationToken).ConfigureAwait(false)];
        }

        DeletionVector former = await table.DeletionVectors.LoadAsync(match.File.DeletionVector, cancellationToken).ConfigureAwait(false);
        return await LiveRows.ReadAsync(table, snapshot, match.File, former, cancellationToken).ConfigureAwait(false);
    }
}
