using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Events for columns and rules.</summary>
internal static class Events
{
    /// <summary>Kinds by how often they are, the plainest first.</summary>
    private static readonly EventKind[] Kinds =
    [
        .. Enumerable.Repeat(EventKind.Upsert, 7), .. Enumerable.Repeat(EventKind.Delete, 3), EventKind.Read, EventKind.Truncate,
    ];

    public static Gen<Event[]> Of(Layout layout, Presence presence, int most) =>
        from keys in Tuples(layout.Keys, c => Pools.Value(c.Type), 1, 3)
        from drawn in Tuples(layout.Order, c => Place(layout, c), 1, 6)
        let orders = drawn.Select(order => WithPlace(layout, order)).ToArray()
        from values in Tuples(layout.Values, c => OrNull(IsClock(layout, c) ? Pools.Sequence(c.Type) : Pools.Value(c.Type)), 1, 5)
        from masks in MasksOf(layout, presence)
        from events in Of(layout, keys, orders, values, masks).Array[1, most]
        select events;

    private static Gen<Event> Of(Layout layout, object?[][] keys, object?[][] orders, object?[][] values, bool[][] masks) =>
        from kind in Gen.Int[0, Kinds.Length - 1]
        from key in Gen.Int[0, keys.Length - 1]
        from order in Gen.Int[0, orders.Length - 1]
        from value in Gen.Int[0, values.Length - 1]
        from mask in Gen.Int[0, masks.Length - 1]
        from special in Gen.Int[0, 4]
        from former in Gen.Int[0, keys.Length * 2]
        let e = Make(layout, KindFor(layout, Kinds[kind]), keys[key], orders[order], Masked(layout, values[value], masks[mask]), special == 4)
        select layout.ChangesKeys && former < keys.Length && layout.HasPlace(e) ? e with { FormerKey = keys[former] } : e;

    /// <summary>Where nulls are places, they are every second one.</summary>
    private static Gen<object> Place(Layout layout, Column column) => layout.MayBeNull(Array.IndexOf(layout.Order, column))
        ? Gen.Select(Pools.Sequence(column.Type), Gen.Bool, (value, isNull) => isNull ? null! : value)
        : Pools.Sequence(column.Type);

    /// <summary>A sequence of nothing but nulls is none.</summary>
    private static object?[] WithPlace(Layout layout, object?[] order)
    {
        int first = layout.Effective.Length;
        return Array.TrueForAll(order[first..], static part => part is null)
            ? [.. order[..first], Pools.Plainest(layout.Sequence[0].Type), .. order[(first + 1)..]]
            : order;
    }

    private static Event Make(Layout layout, EventKind kind, object?[] key, object?[] order, object?[] cells, bool special)
    {
        Event e = new(kind, key, order, cells);
        if (!special)
        {
            return e;
        }

        return kind == EventKind.Truncate ? e with { Key = [.. key.Select(_ => (object?)null)] }
            : !e.IsCut && Array.Exists(layout.Groups, g => GroupCells.HasClock(e, g)) ? e with { Order = [.. order.Select(_ => (object?)null)] }
            : e;
    }

    /// <summary>Truncates do not go with ignored deletes, nor with groups.</summary>
    private static EventKind KindFor(Layout layout, EventKind kind) =>
        kind == EventKind.Truncate && (layout.Deletes == DeleteRule.Ignore || layout.Groups.Length > 0) ? EventKind.Delete : kind;

    /// <summary>Cells that are not set: of ignored nulls a null is written down.</summary>
    private static object?[] Masked(Layout layout, object?[] values, bool[] unset) =>
        [.. values.Select((v, i) => !unset[i] ? v : layout.IgnoreNulls.Length > 0 ? null : Unset.Cell)];

    /// <summary>Some choices of cells that an event leaves open, the first of them none.</summary>
    private static Gen<bool[][]> MasksOf(Layout layout, Presence presence) =>
        Gen.Int[0, 3].Array[layout.Values.Length].Array[0, presence == Presence.Absent ? 2 : 6]
            .Select(drawn => (bool[][])
            [
                new bool[layout.Values.Length],
                .. drawn.Select(d => d.Select((n, i) => n > 1 && MayBeUnset(layout, presence, i)).ToArray()),
            ]);

    private static bool MayBeUnset(Layout layout, Presence presence, int value) => presence switch
    {
        Presence.Whole => false,
        Presence.Nulls => layout.IgnoreNulls.Contains(value),
        Presence.Marker => layout.Values[value].Type is ColumnType.Text or ColumnType.Binary,
        _ => true,
    };

    private static bool IsClock(Layout layout, Column column) => Array.Exists(layout.Groups, g => g.Sequence.Contains(Array.IndexOf(layout.Values, column)));

    public static Gen<object?[][]> Tuples(Column[] columns, Func<Column, Gen<object>> value, int least, int most) =>
        columns.Select(value).Aggregate(
            Gen.Const(Array.Empty<object?>()),
            (all, next) => Gen.Select(all, next, (a, n) => (object?[])[.. a, n])).Array[least, most];

    public static Gen<object> OrNull(Gen<object> value) => Gen.Select(value, Gen.Int[0, 4], (v, chance) => chance == 4 ? null! : v);
}
