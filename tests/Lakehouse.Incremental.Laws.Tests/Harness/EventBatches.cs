using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Model;
using Array = System.Array;
using Column = Lakehouse.Incremental.Laws.Tests.Model.Column;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Events of the model as record batches: their columns, a code that says what they do, and a list of the columns they set where a flow wants it.</summary>
internal sealed class EventBatches(Layout layout, Wire wire, bool reversed = false, bool sliced = false)
{
    public const string Operation = "op";

    public const string Set = "__set";

    public const string Marker = "__unset";

    private const string Former = "former_";

    /// <summary>All columns that a batch may have.</summary>
    public Schema Schema { get; } = SchemaOf(layout, wire, reversed);

    public static string CodeOf(EventKind kind) => kind switch
    {
        EventKind.Upsert => "u",
        EventKind.Delete => "d",
        EventKind.Read => "r",
        EventKind.Truncate => "t",
        _ => "?",
    };

    /// <summary>The columns of the key that became the event's, one for each key column.</summary>
    public static string[] FormerKeys(Layout layout) => layout.ChangesKeys ? [.. layout.Keys.Select(k => Former + k.Name)] : [];

    /// <summary>One or more events. The arrays of a sliced batch begin and end with rows which do not belong to it.</summary>
    public RecordBatch Of(IReadOnlyList<Event> events)
    {
        Event[] rows = sliced ? [events[^1], events[0], .. events, events[0]] : [.. events];
        Field[] fields = [.. Schema.FieldsList.Where(f => !IsLeftOut(f.Name, events))];
        IEnumerable<IArrowArray> columns = fields.Select(f => Column(rows, f.Name));
        return new RecordBatch(new Schema(fields, null), sliced ? columns.Select(c => ArrowArrayFactory.Slice(c, 2, events.Count)) : columns, events.Count);
    }

    /// <summary>
    /// The digest by which the product decides ties: over the columns that the table keeps, of which the event says something. Where a row takes the rest from is part of an
    /// event that does not tell it whole.
    /// </summary>
    public static (UInt128 Cells, UInt128 Former) Digest(Layout layout, Event e)
    {
        object?[] values = e.Row;
        PhysicalColumn[] cells = [.. PhysicalColumn.Of(layout).Where(c => values[c.Parts[0]] is not Unset)];
        Schema schema = new([.. cells.Select(c => new Field(c.Name, c.TypeIn(layout), nullable: true))], null);
        RecordBatch row = new(schema, cells.Select(c => c.ToArray(layout, [values])), 1);
        UInt128 digest = RowDigest.Compute(row, [.. Enumerable.Range(0, cells.Length)], DigestDomain.Event)[0];
        return (digest, e.ChangesKey && !e.IsWhole ? HashOf(layout, e.FormerKey!) : UInt128.Zero);
    }

    private static UInt128 HashOf(Layout layout, object?[] key)
    {
        Schema schema = new([.. layout.Keys.Select(k => new Field(k.Name, ArrowColumns.TypeOf(k.Type), nullable: true))], null);
        RecordBatch row = new(schema, layout.Keys.Select((k, i) => ArrowColumns.ToArray(k.Type, [key[i]])), 1);
        return KeyHash.Of(SequenceEncoding.Encode(row, [.. Enumerable.Range(0, key.Length)]))[0];
    }

    private static Schema SchemaOf(Layout layout, Wire wire, bool reversed)
    {
        IEnumerable<Field> fields = PhysicalColumn.Of(layout).Select(c => new Field(c.Name, c.TypeIn(layout), nullable: true));
        IEnumerable<Field> former = FormerKeys(layout).Select((name, i) => new Field(name, ArrowColumns.TypeOf(layout.Keys[i].Type), nullable: true));
        Field[] set = wire.Presence == Presence.List ? [new Field(Set, new ListType(StringType.Default), nullable: true)] : [];
        return new Schema([.. reversed ? fields.Reverse() : fields, new Field(Operation, StringType.Default, nullable: true), .. former, .. set], null);
    }

    private bool IsLeftOut(string name, IEnumerable<Event> events)
    {
        int value = Array.FindIndex(layout.Values, v => v.Name == name);
        return value >= 0 && wire.Presence switch
        {
            Presence.Absent => events.All(e => e.Values[value] is Unset),
            Presence.Nulls => wire.OmitsColumns && layout.IgnoreNulls.Contains(value) && events.All(e => e.Values[value] is null),
            Presence.List or Presence.Marker => wire.OmitsColumns && events.All(e => e.Values[value] is Unset),
            _ => false,
        };
    }

    private IArrowArray Column(Event[] events, string name)
    {
        if (name == Set)
        {
            return ArrowColumns.ToLists([.. events.Select(Names)]);
        }

        int key = Array.IndexOf(FormerKeys(layout), name);
        if (key >= 0)
        {
            return ArrowColumns.ToArray(layout.Keys[key].Type, [.. events.Select(e => e.FormerKey?[key])]);
        }

        return Array.Find(PhysicalColumn.Of(layout), c => c.Name == name) is { } column
            ? column.ToArray(layout, [.. events.Select(e => (object?[])[.. e.Row.Select((cell, i) => cell is Unset && column.Parts.Contains(i) ? Filling(i) : cell)])])
            : ArrowColumns.ToArray(ColumnType.Text, [.. events.Select(e => CodeOf(e.Kind))]);
    }

    /// <summary>The columns that an event sets; null when it sets all.</summary>
    private string[]? Names(Event e)
    {
        IEnumerable<string> values = layout.Values.Where((_, i) => e.Values[i] is not Unset).Select(v => v.Name);
        return wire.NamesAll ? [.. PhysicalColumn.Of(layout).Where(c => c.Parts[0] < layout.FirstValue).Select(c => c.Name), .. values]
            : Array.Exists(e.Values, v => v is Unset) ? [.. values] : null;
    }

    private object? Filling(int position) => (wire.Presence, layout.Columns[position].Type) switch
    {
        (Presence.Marker, ColumnType.Text) => Marker,
        (Presence.Marker, ColumnType.Binary) => Encoding.UTF8.GetBytes(Marker),
        (Presence.List, ColumnType type) => wire.FillsUnset ? Pools.Plainest(type) : null,
        _ => throw new ArgumentException($"{wire} cannot tell that {layout.Columns[position]} is not set"),
    };
}
