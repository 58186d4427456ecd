using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>
/// Complete snapshots come to State(config, the changes between them): an upsert where a row is new or differs, a delete where it is gone, and nothing where it is as it was.
/// </summary>
public sealed class Law9_SnapshotsComeToTheChangesBetweenThem
{
    [Fact]
    public void Type1_holds_the_rows_of_the_last_snapshot() => Cases.Check(SnapshotSeries.Any, CaseNumbers.Snapshots, s => Check(s, ScdType.Type1));

    [Fact]
    public void Type2_holds_the_periods_between_the_versions() => Cases.Check(SnapshotSeries.Any, CaseNumbers.Snapshots, s => Check(s, ScdType.Type2));

    private static async Task Check(SnapshotSeries series, ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(new History(series.Layout, new Wire(Presence.Whole), []), series.Shape, scdType);
        List<Event> changes = [];
        Event[] former = [];
        foreach ((long version, Event[] rows) in series.Snapshots)
        {
            Event[] derived = [.. Changes(series.Layout, former, rows, version)];
            MergeResult result = await engine.SnapshotAsync(rows, version);
            MergeResult again = await engine.SnapshotAsync([.. rows.Reverse()], version);

            changes.AddRange(derived);
            (result.RowsIn, result.Commits, result.AlreadyApplied).Should().Be((derived.Length, 1, false), $"of version {version}");
            (again.Commits, again.AlreadyApplied).Should().Be((0, true));
            await engine.SilverMustHoldAsync(changes, $"after version {version}");
            former = rows;
        }

        if (series.Layout.Deletes == DeleteRule.Hard && scdType == ScdType.Type1)
        {
            Texts.Of((await engine.LatestAsync()).Select(r => WithoutOrder(series.Layout, r.Row))).Should().Equal(Texts.Of(former.Select(e => WithoutOrder(series.Layout, e.Row))));
        }
    }

    private static IEnumerable<Event> Changes(Layout layout, Event[] former, Event[] rows, long version)
    {
        foreach (Event row in rows)
        {
            if (Of(former, row.Key) is not { } before || !Canonical.Equal(before.Values, row.Values))
            {
                yield return row;
            }
        }

        foreach (Event gone in former.Where(e => Of(rows, e.Key) is null))
        {
            yield return Event.Delete(gone.Key, [SnapshotSeries.Sequence(layout, version)], gone.Values);
        }
    }

    private static Event? Of(Event[] rows, object?[] key) => Array.Find(rows, row => Canonical.Equal(row.Key, key));

    private static object?[] WithoutOrder(Layout layout, object?[] row) => [.. row[..layout.Keys.Length], .. row[layout.FirstValue..]];
}
