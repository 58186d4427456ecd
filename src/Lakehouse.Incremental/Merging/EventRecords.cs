using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Events as records of the state: key and order, what the event does, its digest, the columns it sets, and their values. What holds for the whole table
/// (truncates, horizon, baseline) has no key. Deletes are kept without values and digest: deletes at one place in the order are one event.
/// </summary>
internal static class EventRecords
{
    public const string Kind = "__kind";
    public const string Digest = "__digest";

    /// <summary>Names of the columns the event sets; null for an event that its row tells (<see cref="ReadRows"/>).</summary>
    public const string Cells = "__cells";

    /// <summary>Begins the names of the columns of the other key, where a key may become another one.</summary>
    private const string Other = "__other_";

    /// <summary>True for the name of a column that a record has beside those of the events.</summary>
    public static bool IsReserved(MergeConfiguration flow, string name)
    {
        IEnumerable<string> others = flow.IsHistory && flow.PreviousKeys.Count > 0 ? flow.Keys.Select(static key => Other + key) : [];
        return others.Concat([Kind, Digest, Cells]).Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    public static StateSetDefinition Definition(MergeLayout layout)
    {
        IEnumerable<Field> others = layout.KeepsLinks ? layout.KeySchema.FieldsList.Select(static f => new Field(Other + f.Name, f.DataType, nullable: true)) : [];
        IEnumerable<Field> named = layout.Keys.Concat(layout.Order).Select(layout.Data.GetFieldByIndex);
        Field[] own =
        [
            new(Kind, Int8Type.Default, nullable: true),
            new(Digest, BinaryType.Default, nullable: true),
            new(Cells, new ListType(new Field("element", StringType.Default, nullable: true)), nullable: true),
        ];
        IEnumerable<Field> values = layout.Rest.Select(layout.Data.GetFieldByIndex).Select(static f => new Field(f.Name, f.DataType, nullable: true));
        return new StateSetDefinition("events", new Schema([.. named, .. own, .. others, .. values], null), layout.Keys.Length, layout.Keys.Length + layout.Order.Length + 2);
    }

    /// <summary>Records as events, in their order.</summary>
    public static ChangeBatch ToEvents(MergeTarget target, IReadOnlyList<StateRecord> records)
    {
        MergeLayout layout = target.Layout;
        RecordBatch rows = InterleaveKernel.Interleave(target.State.Definition.Schema, target.State.Batches, [.. records.Select(static r => r.Row)]);
        RecordBatch data = new(layout.Data, layout.Data.FieldsList.Select(f => rows.Column(rows.Schema.PositionOf(f.Name))), rows.Length);
        ReadOnlySpan<sbyte> stored = ((Int8Array)rows.Column(rows.Schema.PositionOf(Kind))).Values;
        EventKind[] kinds = new EventKind[rows.Length];
        for (int row = 0; row < kinds.Length; row++)
        {
            kinds[row] = (EventKind)stored[row];
        }

        CellPresence? presence = Presence(layout, data, (ListArray)rows.Column(rows.Schema.PositionOf(Cells)));
        KeyLinks? links = layout.KeepsLinks
            ? new KeyLinks(new RecordBatch(layout.KeySchema, layout.KeySchema.FieldsList.Select(f => rows.Column(rows.Schema.PositionOf(Other + f.Name))), rows.Length))
            : null;
        GC.KeepAlive(rows);
        return new ChangeBatch(layout, data, kinds, presence, links);
    }

    /// <summary>
    /// Rows as the events they show. What the columns say decides which cells are set: all but the nulls of columns that came later, since a row from before
    /// a column says nothing of it.
    /// </summary>
    public static ChangeBatch ReadRows(MergeLayout layout, RecordBatch data, EncodedRows? clocks = null)
    {
        EventKind[] kinds = new EventKind[data.Length];
        System.Array.Fill(kinds, EventKind.Upsert);
        return new ChangeBatch(layout, data, kinds, DefaultPresence(layout, data), null, clocks);
    }

    /// <summary>The kind of a record.</summary>
    public static EventKind KindOf(StateSet state, StateRecord record)
    {
        RecordBatch rows = state.Batches[record.Row.Batch];
        return (EventKind)((Int8Array)rows.Column(rows.Schema.PositionOf(Kind))).Values[record.Row.Row];
    }

    /// <summary>How many of the records are deletes.</summary>
    public static long CountDeletes(RecordBatch records) =>
        ((Int8Array)records.Column(records.Schema.PositionOf(Kind))).Values.Count((sbyte)EventKind.Delete);

    /// <summary>The other keys of records, for those that have one.</summary>
    public static RecordBatch LinkedKeys(MergeTarget target, IEnumerable<StateRecord> records)
    {
        Schema keys = target.Layout.KeySchema;
        RecordBatch[] others = [.. target.State.Batches.Select(b => new RecordBatch(keys, keys.FieldsList.Select(f => b.Column(b.Schema.PositionOf(Other + f.Name))), b.Length))];
        StateRecord[] found = [.. records];
        RecordBatch all = InterleaveKernel.Interleave(keys, others, [.. found.Select(static r => r.Row)]);
        KeyLinks links = new(all);

        // A key may have become the one of nulls.
        return FilterKernel.Filter(all, [.. Enumerable.Range(0, all.Length).Select(row => links.Has(row) || KindOf(target.State, found[row]) == EventKind.Move)]);
    }

    /// <summary>True when the record says which cells it sets.</summary>
    public static bool IsPartial(StateSet state, StateRecord record)
    {
        RecordBatch rows = state.Batches[record.Row.Batch];
        return !rows.Column(rows.Schema.PositionOf(Cells)).IsNull(record.Row.Row);
    }

    /// <summary>Events as records.</summary>
    /// <param name="layout">Where the columns are.</param>
    /// <param name="lists">The lists that the events come from.</param>
    /// <param name="events">The events: a list, and a row in it.</param>
    public static RecordBatch Of(MergeLayout layout, IReadOnlyList<ChangeBatch> lists, IReadOnlyList<RowRef> events)
    {
        RowRef[] rows = [.. events];
        RowRef[] values = [.. events.Select(e => lists[e.Batch].Kinds[e.Row] is EventKind.Upsert or EventKind.SnapshotRead ? e : RowRef.Null)];
        RowRef[] keys = [.. events.Select(e => lists[e.Batch].Kinds[e.Row] is EventKind.Truncate or EventKind.Horizon or EventKind.Baseline ? RowRef.Null : e)];
        Schema schema = layout.State.Schema;
        IArrowArray Column(int position, RowRef[] from) => InterleaveKernel.Interleave(
            layout.Data.GetFieldByIndex(position).DataType, [.. lists.Select(l => l.Rows.Column(position))], from);
        IArrowArray[] columns =
        [
            .. layout.Keys.Select(p => Column(p, keys)),
            .. layout.Order.Select(p => Column(p, rows)),
            ManagedCopy.Copy(new Int8Array.Builder().AppendRange(events.Select(e => (sbyte)lists[e.Batch].Kinds[e.Row])).Build()),
            Digests(lists, events),
            CellNames(layout, lists, events),
            .. layout.KeepsLinks ? OtherKeys(layout, lists, rows) : [],
            .. layout.Rest.Select(p => Column(p, values)),
        ];
        return new RecordBatch(schema, columns, rows.Length);
    }

    private static IReadOnlyList<IArrowArray> OtherKeys(MergeLayout layout, IReadOnlyList<ChangeBatch> lists, RowRef[] rows)
    {
        RecordBatch[] others = [.. lists.Select(l => l.Links?.Keys ?? KeyLinks.None(layout, l.Count))];
        return [.. InterleaveKernel.Interleave(layout.KeySchema, others, rows).Arrays];
    }

    private static IArrowArray Digests(IReadOnlyList<ChangeBatch> lists, IReadOnlyList<RowRef> events)
    {
        BinaryArray.Builder builder = new();
        Span<byte> bytes = stackalloc byte[16];
        foreach (RowRef e in events)
        {
            if (lists[e.Batch].Kinds[e.Row] is EventKind.Upsert or EventKind.SnapshotRead or EventKind.Move)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, lists[e.Batch].Identity(e.Row));
                builder.Append(bytes);
            }
            else
            {
                builder.AppendNull();
            }
        }

        return ManagedCopy.Copy(builder.Build());
    }

    private static IArrowArray CellNames(MergeLayout layout, IReadOnlyList<ChangeBatch> lists, IReadOnlyList<RowRef> events)
    {
        ListArray.Builder builder = new(new Field("element", StringType.Default, nullable: true));
        StringArray.Builder names = (StringArray.Builder)builder.ValueBuilder;
        foreach (RowRef e in events)
        {
            ChangeBatch list = lists[e.Batch];
            if (list.ReadsAsRow(e.Row) || list.Kinds[e.Row] is not (EventKind.Upsert or EventKind.SnapshotRead))
            {
                builder.AppendNull();
                continue;
            }

            builder.Append();
            foreach (int position in layout.Rest.Where(p => list.Sets(e.Row, p)))
            {
                names.Append(layout.Data.GetFieldByIndex(position).Name);
            }
        }

        return ManagedCopy.Copy(builder.Build());
    }

    private static CellPresence? Presence(MergeLayout layout, RecordBatch data, ListArray cells)
    {
        CellPresence? presence = DefaultPresence(layout, data);
        if (cells.NullCount == cells.Length)
        {
            return presence;
        }

        presence ??= new CellPresence(cells.Length, layout.Data.FieldsList.Count);
        StringArray names = (StringArray)cells.Values;
        for (int row = 0; row < cells.Length; row++)
        {
            if (cells.IsNull(row))
            {
                continue;
            }

            HashSet<string> set = new(Enumerable.Range(cells.ValueOffsets[row], cells.GetValueLength(row)).Select(i => names.GetString(i)), StringComparer.Ordinal);
            foreach (int position in layout.Rest)
            {
                presence.Set(row, position, set.Contains(layout.Data.GetFieldByIndex(position).Name));
            }
        }

        return presence;
    }

    private static CellPresence? DefaultPresence(MergeLayout layout, RecordBatch data)
    {
        CellPresence? presence = null;
        foreach (int column in layout.Rest.Where(c => layout.IsAdded[c] && data.Column(c).NullCount > 0))
        {
            presence ??= new CellPresence(data.Length, layout.Data.FieldsList.Count);
            for (int row = 0; row < data.Length; row++)
            {
                if (data.Column(column).IsNull(row))
                {
                    presence.Set(row, column, false);
                }
            }
        }

        return presence;
    }
}
