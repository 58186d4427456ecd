using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Complete snapshots of a source, one after the other, and how the tables are kept.</summary>
/// <param name="Layout">Columns and rules; one sequence column of an integer type.</param>
/// <param name="Shape">How the tables are kept.</param>
/// <param name="Snapshots">The versions, and the rows of each as upserts.</param>
internal sealed record SnapshotSeries(Layout Layout, TableShape Shape, (long Version, Event[] Rows)[] Snapshots) : IReducible<SnapshotSeries>
{
    private static readonly ColumnType[] VersionTypes = [ColumnType.Long, ColumnType.Integer, ColumnType.Short];

    /// <summary>Few keys and values: rows that stay, go, come back and change are the rule.</summary>
    public static Gen<SnapshotSeries> Any { get; } =
        from drawn in Layouts.OfBothTypes
        from sequence in Layouts.Columns("s", VersionTypes, 1, 1)
        let layout = drawn with { Sequence = sequence, StructSequence = false, NullsFirst = [], ChangesKeys = false }
        from shape in TableShape.Any
        from keys in Events.Tuples(layout.Keys, c => Pools.Value(c.Type), 1, 4)
        from values in Events.Tuples(layout.Values, c => Events.OrNull(Pools.Value(c.Type)), 1, 3)
        from steps in Gen.Select(Gen.Int[1, 3], Gen.Int[-1, values.Length - 1].Array[keys.Length]).Array[1, 6]
        select new SnapshotSeries(layout, shape with { Staged = false, PartitionBy = null }, [.. Series(layout, keys, values, steps)]);

    /// <summary>A version as a value of the sequence column.</summary>
    public static object Sequence(Layout layout, long version) => layout.Sequence[0].Type switch
    {
        ColumnType.Integer => (object)(int)version,
        ColumnType.Short => (short)version,
        _ => version,
    };

    public IEnumerable<SnapshotSeries> Smaller() =>
    [
        .. Shape.Smaller().Select(s => this with { Shape = s }),
        .. Snapshots.Select((_, i) => this with { Snapshots = [.. Snapshots.Where((_, at) => at != i)] }).Where(s => s.Snapshots.Length > 0),
    ];

    public override string ToString() =>
        $"{Layout}\n{Shape}\n{string.Join('\n', Snapshots.Select(s => $"version {s.Version}\n{string.Join('\n', s.Rows.Select(r => $"    {r},"))}"))}";

    private static IEnumerable<(long Version, Event[] Rows)> Series(Layout layout, object?[][] keys, object?[][] values, (int Gap, int[] Chosen)[] steps)
    {
        object?[][] distinct = [.. keys.Where((key, i) => !Array.Exists(keys[..i], former => Canonical.Equal(former, key)))];
        long version = -1;
        foreach ((int gap, int[] chosen) in steps)
        {
            version += gap;
            object?[] order = [Sequence(layout, version)];
            yield return (version, [.. distinct.Zip(chosen).Where(k => k.Second >= 0).Select(k => Event.Upsert(k.First, order, values[k.Second]))]);
        }
    }
}
