using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Staging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Changes;

/// <summary>
/// Brings event batches into the form of the engine: the target's data columns in its types, what each row does, which cells it sets. What cannot be
/// represented without loss, or lacks a key or a place in the order, is refused before anything is written, or set apart where the flow has a quarantine.
/// </summary>
internal sealed class ChangeNormalizer(MergeConfiguration flow, MergeLayout layout, string table, string batchName, bool setsApart, bool isState)
{
    private readonly List<RecordBatch> _rows = [];
    private readonly List<EventKind> _kinds = [];
    private readonly List<(CellPresence? Presence, int Rows)> _presence = [];
    private readonly List<(KeyLinks? Links, int Rows)> _links = [];
    private readonly List<EventOrigin> _origins = [];
    private readonly List<RejectedEvents> _rejected = [];

    /// <param name="flow">The flow.</param>
    /// <param name="layout">The target's columns.</param>
    /// <param name="table">Its name for messages.</param>
    /// <param name="events">The batches.</param>
    /// <param name="batchName">A name of the whole for people.</param>
    /// <param name="setsApart">Whether events that cannot be merged are set apart; null: where the flow has a quarantine. Else they are an error.</param>
    /// <param name="isState">True for rows of a state: each is an upsert, and none has an operation or a former key.</param>
    public static NormalizedEvents Normalize(
        MergeConfiguration flow, MergeLayout layout, string table, IReadOnlyList<RecordBatch> events, string batchName, bool? setsApart = null, bool isState = false)
    {
        ChangeNormalizer normalizer = new(flow, layout, table, batchName, setsApart ?? flow.Quarantine is not null, isState);
        foreach (RecordBatch batch in events)
        {
            normalizer.CheckColumns(batch.Schema);
        }

        foreach (RecordBatch batch in events)
        {
            normalizer.Add(RescuedData.Rescue(flow, layout, batch));
        }

        RecordBatch rows = ConcatKernel.Concat(layout.Data, normalizer._rows);
        CellPresence? presence = CellPresence.Concat(normalizer._presence, layout.Data.FieldsList.Count);
        return new NormalizedEvents(new ChangeBatch(layout, rows, [.. normalizer._kinds], presence, KeyLinks.Concat(layout, normalizer._links)), normalizer._origins, normalizer._rejected);
    }

    private void Add(RecordBatch batch)
    {
        InvalidEvents invalid = new(batch.Length);
        EventKind[] kinds = isState ? [.. Enumerable.Repeat(EventKind.Upsert, batch.Length)] : EventKinds.Of(flow, batch, invalid);
        IArrowArray[] columns = [.. layout.Data.FieldsList.Select(field => Convert(batch, field, invalid))];
        CellPresence? presence = CellStates.Of(flow, layout, batch, columns);
        RecordBatch data = new(layout.Data, columns, batch.Length);
        invalid.AddNameless(flow, layout, data, kinds);
        IArrowArray[]? former = isState ? null : KeyChanges.Former(flow, layout, batch, data, invalid);
        int[] changed = former is null ? [] : KeyChanges.Rows(flow, layout, data, former, kinds, presence, invalid);
        if (invalid.Count > 0)
        {
            _rejected.Add(!setsApart ? throw invalid.ToException(flow, layout, table, batchName, data) : invalid.Of(batch));
        }

        bool[] valid = invalid.Valid;
        int[] rows = [.. Enumerable.Range(0, batch.Length).Where(row => valid[row])];
        KeyLinks? links = KeyChanges.Links(layout, former, changed, batch.Length);
        Add(batch, data, rows, row => kinds[row], presence, links);
        changed = [.. changed.Where(row => valid[row])];
        if (changed.Length > 0)
        {
            RecordBatch before = KeyChanges.WithKeys(layout, data, former!);
            Add(batch, before, changed, static _ => EventKind.Delete, null, null);
            int[] moved = [.. changed.Where(row => links?.Has(row) == true)];
            KeyLinks toNew = new(new RecordBatch(layout.KeySchema, layout.Keys.Select(data.Column), data.Length));
            Add(batch, before, moved, static _ => EventKind.Move, null, toNew);
        }
    }

    private void Add(RecordBatch batch, RecordBatch data, int[] rows, Func<int, EventKind> kind, CellPresence? presence, KeyLinks? links)
    {
        _rows.Add(rows.Length == data.Length ? data : TakeKernel.Take(data, rows));
        _kinds.AddRange(rows.Select(kind));
        _presence.Add((presence?.Take(rows), rows.Length));
        _links.Add((links?.Take(rows), rows.Length));
        _origins.Add(new EventOrigin(batch, rows));
    }

    private void CheckColumns(Schema events)
    {
        IEnumerable<string> needed = layout.Keys.Concat(layout.Order).Select(p => layout.Data.GetFieldByIndex(p).Name);
        string[] missing = [.. needed.Concat(isState ? [] : EventColumns.OfOperation(flow)).Distinct(StringComparer.Ordinal).Where(n => events.PositionOf(n) < 0)];
        string[] unknown = flow.SchemaPolicy == SchemaPolicy.Rescue ? [] : [.. EventColumns.Unknown(flow, layout.Data, events)];
        if (missing.Length > 0 || unknown.Length > 0)
        {
            string text = string.Join("; ", new[]
            {
                missing.Length > 0 ? "missing from the events: " + string.Join(", ", missing) : "",
                unknown.Length > 0 ? "not in the table: " + string.Join(", ", unknown) : "",
            }.Where(static t => t.Length > 0));
            throw Mismatch($"the columns of the events do not fit ({text})");
        }
    }

    private IArrowArray Convert(RecordBatch batch, Field field, InvalidEvents invalid)
    {
        int position = batch.Schema.PositionOf(field.Name);
        if (position < 0)
        {
            return NullArrays.Create(field.DataType, batch.Length);
        }

        IArrowArray source = batch.Column(position);
        if (!LosslessCast.CanCast(source.Data.DataType, field.DataType))
        {
            throw Mismatch($"column {field.Name} of the events is {source.Data.DataType.Name}, which does not convert to {field.DataType.Name}");
        }

        CastResult cast = LosslessCast.Cast(source, field.DataType);
        invalid.AddLossy(cast.Failed, field.Name);
        return cast.Array;
    }

    private LakehouseException Mismatch(string what) => new(ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}', table {table}: {what}.")
    {
        Flow = flow.Name,
        Table = table,
    };
}
