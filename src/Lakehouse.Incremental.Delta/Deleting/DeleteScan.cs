using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Deleting;

/// <summary>
/// Finds the rows to delete: files that cannot hold any are skipped, and of the others only the columns of the filter are read. Where the log alone
/// decides, nothing is read.
/// </summary>
internal sealed class DeleteScan
{
    private readonly DeltaTable _table;
    private readonly Snapshot _snapshot;
    private readonly Filter? _filter;
    private readonly FilterPruner? _pruner;
    private readonly Schema _columns;

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: the filter does not fit the schema.</exception>
    public DeleteScan(DeltaTable table, Snapshot snapshot, Filter? filter)
    {
        _table = table;
        _snapshot = snapshot;
        _filter = filter;
        _pruner = filter is null ? null : new FilterPruner(filter, snapshot);
        Schema schema = snapshot.Schema;
        _columns = new Schema([.. (filter?.Columns ?? []).Select(name => schema.GetFieldByIndex(FilterEvaluator.Position(schema, name)))], null);
    }

    /// <summary>True when the log tells for each file whether all of its rows go or none.</summary>
    public bool DecidedByLog => _columns.FieldsList.All(f => _snapshot.PartitionColumns.Contains(f.Name, StringComparer.Ordinal));

    /// <summary>
    /// Whether a file, also one that is not in the snapshot, may hold a row to delete, as far as partition values and statistics tell.
    /// </summary>
    public bool MayMatch(AddFile file) => _pruner?.CanSkip(file) != true;

    /// <summary>The files with rows to delete, in the order of the snapshot.</summary>
    public async Task<List<FileMatch>> FindAsync(CancellationToken cancellationToken)
    {
        List<FileMatch> matches = [];
        foreach (AddFile file in _snapshot.Files.Where(MayMatch))
        {
            FileMatch? match = DecidedByLog
                ? await DecideAsync(file, cancellationToken).ConfigureAwait(false)
                : await ReadAsync(file, cancellationToken).ConfigureAwait(false);
            if (match is not null)
            {
                matches.Add(match);
            }
        }

        return matches;
    }

    private async Task<FileMatch?> DecideAsync(AddFile file, CancellationToken cancellationToken)
    {
        if (_filter is not null)
        {
            IEnumerable<IArrowArray> values = _columns.FieldsList.Select(
                field => PartitionValues.Materialize(_snapshot.PartitionValue(file.PartitionValues, field.Name), field, 1));
            if (!FilterEvaluator.Evaluate(_filter, new RecordBatch(_columns, values, 1))[0])
            {
                return null;
            }
        }

        long count = RowCounts.Of(file) ?? await CountAsync(file, cancellationToken).ConfigureAwait(false);
        return new FileMatch(file, null, count);
    }

    // Reads the footer only.
    private async Task<long> CountAsync(AddFile file, CancellationToken cancellationToken)
    {
        long rows = -(file.DeletionVector?.Cardinality ?? 0);
        await foreach (FileBatch part in _table.Reader
            .ReadColumnsAsync(_snapshot, file.Path, file.PartitionValues, new Schema([], null), cancellationToken).ConfigureAwait(false))
        {
            rows += part.Batch.Length;
        }

        return rows;
    }

    private async Task<FileMatch?> ReadAsync(AddFile file, CancellationToken cancellationToken)
    {
        DeletionVector deleted = await _table.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
        List<long> rows = [];
        long physical = 0;
        await foreach (FileBatch part in _table.Reader.ReadAsync(_snapshot, file, _columns, cancellationToken).ConfigureAwait(false))
        {
            bool[] matches = FilterEvaluator.Evaluate(_filter!, part.Batch);
            deleted.MarkDeleted(part.FirstRow, matches);
            for (int row = 0; row < matches.Length; row++)
            {
                if (matches[row])
                {
                    rows.Add(part.FirstRow + row);
                }
            }

            physical = Math.Max(physical, part.FirstRow + part.Batch.Length);
        }

        if (deleted.LastRow >= physical)
        {
            throw new CorruptTableException(
                ErrorCodes.CorruptFile,
                FormattableString.Invariant(
                    $"The deletion vector of '{file.Path}' in '{_table.Storage.Name}' deletes row {deleted.LastRow} of {physical} rows."))
            {
                Table = _table.Storage.Name,
            };
        }

        return rows.Count == 0 ? null
            : rows.Count == physical - deleted.Cardinality ? new FileMatch(file, null, rows.Count)
            : new FileMatch(file, DeletionVector.Of(rows), rows.Count);
    }
}
