using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Columns of any types, and a set of events of them.</summary>
internal sealed record History(Layout Layout, Event[] Events)
{
    private const int MaxEvents = 24;

    private static readonly ColumnType[] Types = Enum.GetValues<ColumnType>();

    private static readonly ColumnType[] SequenceTypes = [.. Types.Except([ColumnType.Boolean])];

    /// <summary>Few keys, sequences and values: ties, late events, deletes, re-inserts and unchanged rows are the rule and not the exception.</summary>
    public static Gen<History> Any { get; } =
        from layout in Layouts
        from keys in Tuples(layout.Keys, Pools.Value, 1, 4)
        from sequences in Tuples(layout.Sequence, Pools.Sequence, 1, 6)
        from values in Tuples(layout.Values, type => OrNull(Pools.Value(type)), 1, 5)
        from events in EventsOf(keys, sequences, values)
        select new History(layout, events);

    /// <summary>The events as C#.</summary>
    public override string ToString() => $"{Layout}\n{string.Join('\n', Events.Select(e => $"    {e},"))}";

    private static Gen<Layout> Layouts =>
        from keys in Columns("k", Types, 1, 2)
        from sequence in Columns("s", SequenceTypes, 1, 3)
        from values in Columns("v", Types, 1, 4)
        from tracked in Gen.Bool.Array[values.Length]
        select new Layout(keys, sequence, values, tracked);

    private static Gen<Column[]> Columns(string prefix, ColumnType[] types, int least, int most) =>
        Gen.Int[0, types.Length - 1].Array[least, most].Select(chosen => chosen.Select((t, i) => new Column($"{prefix}{i}", types[t])).ToArray());

    private static Gen<object[][]> Tuples(Column[] columns, Func<ColumnType, Gen<object>> value, int least, int most) =>
        Tuple(columns, value).Array[least, most];

    private static Gen<object[]> Tuple(Column[] columns, Func<ColumnType, Gen<object>> value) =>
        columns.Select(c => value(c.Type)).Aggregate(
            Gen.Const(Array.Empty<object>()),
            (all, next) => Gen.Select(all, next, (a, n) => (object[])[.. a, n]));

    private static Gen<object> OrNull(Gen<object> value) => Gen.Select(value, Gen.Int[0, 4], (v, chance) => chance == 4 ? null! : v);

    private static Gen<Event[]> EventsOf(object[][] keys, object[][] sequences, object[][] values) =>
        Gen.Select(
            Gen.Int[0, keys.Length - 1],
            Gen.Int[0, sequences.Length - 1],
            Gen.Int[0, 4].Select(chance => chance == 4),
            Gen.Int[0, values.Length - 1],
            (key, sequence, isDelete, value) => new Event(keys[key], sequences[sequence], isDelete, values[value])).Array[1, MaxEvents];
}
