using System.Runtime.CompilerServices;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Reading;

/// <summary>Reads the live rows of one version: skips files by their statistics, drops deleted rows and those the filter does not keep.</summary>
internal sealed class TableScan
{
    private readonly DeltaTable _table;
    private readonly Snapshot _snapshot;
    private readonly Projection _projection;
    private readonly Filter? _filter;

    /// <param name="table">The table.</param>
    /// <param name="snapshot">The version to read.</param>
    /// <param name="columns">Columns in the order wanted; null for all.</param>
    /// <param name="filter">Rows to keep; null for all.</param>
    public TableScan(DeltaTable table, Snapshot snapshot, IReadOnlyList<string>? columns, Filter? filter)
    {
        _table = table;
        _snapshot = snapshot;
        _filter = filter;
        _projection = Projection.Of(snapshot.Schema, columns, filter?.Columns ?? [], table.Storage.Name);
    }

    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        DeltaTable table, ReadOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Snapshot snapshot = await SnapshotOfAsync(table, options, cancellationToken).ConfigureAwait(false);
        TableScan scan = new(table, snapshot, options.Columns, options.Filter);
        await foreach (RecordBatch batch in scan.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            int size = options.BatchSize ?? batch.Length;
            for (int start = 0; start < batch.Length; start += size)
            {
                yield return size >= batch.Length ? batch : SliceKernel.Slice(batch, start, Math.Min(size, batch.Length - start));
            }
        }
    }

    /// <summary>The matching rows of all files, without empty batches.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int opened = 0;
        foreach (AddFile file in FilesToRead())
        {
            opened++;
            await foreach (RecordBatch batch in ReadFileAsync(file, cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }
        }

        _table.Logger.Scanned(_table.Storage.Name, _snapshot.Version, opened, _snapshot.FileCount - opened);
    }

    /// <summary>The files that may hold matching rows, by partition values and statistics.</summary>
    public IEnumerable<AddFile> FilesToRead()
    {
        FilterPruner? pruner = _filter is null ? null : new FilterPruner(_filter, _snapshot);
        return _snapshot.Files.Where(file => pruner is null || !pruner.CanSkip(file));
    }

    private static async Task<Snapshot> SnapshotOfAsync(DeltaTable table, ReadOptions options, CancellationToken cancellationToken)
    {
        long? version = options.Timestamp is { } timestamp
            ? await table.VersionAtAsync(timestamp, cancellationToken).ConfigureAwait(false)
            : options.Version;
        return version is { } given
            ? await table.SnapshotAtAsync(given, cancellationToken).ConfigureAwait(false)
            : await table.RefreshAsync(cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<RecordBatch> ReadFileAsync(AddFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DeletionVector deleted = await _table.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
        long rows = 0;
        await foreach (FileBatch read in _table.Reader.ReadAsync(_snapshot, file, _projection.Read, cancellationToken).ConfigureAwait(false))
        {
            rows = Math.Max(rows, read.FirstRow + read.Batch.Length);
            RecordBatch kept = Keep(read, deleted);
            if (kept.Length > 0)
            {
                yield return kept;
            }
        }

        DeletionVectorBounds.Check(deleted, file, rows, _table.Storage.Name);
    }

    private RecordBatch Keep(FileBatch read, DeletionVector deleted)
    {
        if (deleted.IsEmpty && _filter is null)
        {
            return _projection.Apply(read.Batch);
        }

        bool[] keep = new bool[read.Batch.Length];
        if (_filter is null)
        {
            keep.AsSpan().Fill(true);
        }
        else
        {
            FilterEvaluator.Evaluate(_filter, read.Batch, keep);
        }

        deleted.MarkDeleted(read.FirstRow, keep);
        RecordBatch projected = _projection.Apply(read.Batch);
        return keep.AsSpan().Contains(false) ? FilterKernel.Filter(projected, keep) : projected;
    }
}
