using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Explain;

/// <summary>Reads the staged events of some keys through the merge's own normaliser. Only they are kept in memory.</summary>
/// <param name="session">The target they are normalised for.</param>
/// <param name="staging">The table they lie in.</param>
/// <param name="keys">The keys.</param>
/// <param name="filter">Which rows may concern them.</param>
/// <param name="tooLate">Which events of a batch were refused as too late; null when none can be.</param>
internal sealed class StagedEventScan(MergeTarget session, DeltaTable staging, WantedKeys keys, KeyFilter filter, Func<RecordBatch, bool[]>? tooLate)
{
    private readonly List<ChangeBatch> _parts = [];
    private readonly List<StagedOrigin> _origins = [];
    private readonly List<RefusedEvent> _refused = [];
    private string? _unreadable;

    /// <param name="source">The latest version of the staging table.</param>
    /// <param name="merged">The version up to which the target has merged; -1 for none.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async Task<StagedEvents> ReadAsync(Snapshot source, long merged, CancellationToken cancellationToken)
    {
        if (merged >= 0)
        {
            Snapshot snapshot = merged == source.Version ? source : await staging.SnapshotAtAsync(merged, cancellationToken).ConfigureAwait(false);
            foreach (AddFile file in new TableScan(staging, snapshot, null, filter.Wanted).FilesToRead())
            {
                await ReadAsync(snapshot, file, null, cancellationToken).ConfigureAwait(false);
            }
        }

        FilterPruner? pruner = filter.Wanted is null ? null : new FilterPruner(filter.Wanted, source);
        for (long version = merged + 1; version <= source.Version; version++)
        {
            IReadOnlyList<DeltaAction> actions = await staging.Log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
            foreach (AddFile file in actions.OfType<AddFile>().Where(f => f.DataChange && pruner?.CanSkip(f) != true))
            {
                await ReadAsync(source, file, version, cancellationToken).ConfigureAwait(false);
            }
        }

        return new StagedEvents(ChangeBatch.Concat(session.Layout, _parts), _origins, _refused, _unreadable);
    }

    /// <param name="snapshot">Says how to read the file.</param>
    /// <param name="file">The file.</param>
    /// <param name="pending">The version that staged it, of events that are not merged yet.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    private async Task ReadAsync(Snapshot snapshot, AddFile file, long? pending, CancellationToken cancellationToken)
    {
        DeletionVector deleted = await staging.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
        await foreach (FileBatch part in staging.Reader.ReadAsync(snapshot, file, snapshot.Schema, cancellationToken).ConfigureAwait(false))
        {
            bool[] keep = [.. Enumerable.Repeat(true, part.Batch.Length)];
            if (filter.Wanted is not null)
            {
                FilterEvaluator.Evaluate(filter.Wanted, part.Batch, keep);
            }

            deleted.MarkDeleted(part.FirstRow, keep);
            int[] rows = [.. Enumerable.Range(0, keep.Length).Where(row => keep[row])];
            if (rows.Length > 0)
            {
                RecordBatch raw = TakeKernel.Take(part.Batch, rows);
                StagedPlace Place(int row) => StagedPlaces.Of(raw, row, LogicalFile.PathKey(file.Path), part.FirstRow + rows[row], pending);
                Add(raw, [.. Enumerable.Range(0, rows.Length).Select(Place)], pending is not null);
            }
        }
    }

    private void Add(RecordBatch raw, StagedPlace[] places, bool isPending)
    {
        bool[]? late = isPending ? null : tooLate?.Invoke(raw);
        StagedOrigin[] origins = [.. places.Select((place, row) => new StagedOrigin(place, isPending, late?[row] == true))];
        NormalizedEvents normalized;
        try
        {
            RecordBatch known = isPending ? WithoutUnknown(raw) : raw;
            normalized = ChangeNormalizer.Normalize(session.Flow, session.Layout, session.Table.Storage.Name, [known], "explain", setsApart: true);
        }
        catch (LakehouseException error) when (isPending)
        {
            _unreadable = error.Message;
            return;
        }

        ChangeBatch batch = normalized.Batch;
        int[] rows = [.. normalized.Origins.SelectMany(static origin => origin.Rows)];
        bool IsWanted(int row) => batch.Kinds[row] == EventKind.Truncate || (batch.Kinds[row] < EventKind.Truncate && keys.Contains(batch.Keys[row]));
        _parts.Add(batch.Where(IsWanted));
        _origins.AddRange(Enumerable.Range(0, batch.Count).Where(IsWanted).Select(row => origins[rows[row]]));
        AddRefused(raw, normalized, origins);
    }

    private void AddRefused(RecordBatch raw, NormalizedEvents normalized, StagedOrigin[] origins)
    {
        foreach (Rejection rejection in normalized.Rejected.SelectMany(static part => part.Rejections))
        {
            if (filter.Key is not null && FilterEvaluator.Evaluate(filter.Key, raw)[rejection.Row])
            {
                int[] order = [.. session.Flow.Order.Select(raw.Schema.PositionOf)];
                _refused.Add(new RefusedEvent(origins[rejection.Row], KeyText.Of(raw, order, rejection.Row), rejection.Code, rejection.Column));
            }
        }
    }

    /// <summary>A merge would add columns that the target does not have; to show events it is enough to leave them out.</summary>
    private RecordBatch WithoutUnknown(RecordBatch raw)
    {
        HashSet<string> unknown = new(EventColumns.Unknown(session.Flow, session.Layout.Data, raw.Schema), StringComparer.Ordinal);
        int[] kept = [.. Enumerable.Range(0, raw.ColumnCount).Where(i => !unknown.Contains(raw.Schema.GetFieldByIndex(i).Name))];
        return unknown.Count == 0 ? raw : new RecordBatch(new Schema([.. kept.Select(raw.Schema.GetFieldByIndex)], null), kept.Select(raw.Column), raw.Length);
    }
}
