using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>The golden vectors of the semantics (section 2.44) that need whole rows only, each in every order and in every split into two batches.</summary>
public sealed class GoldenVectors
{
    private static readonly Rules Rules = new(TwoKeys: false, TwoSequences: false, TrackNameOnly: true);

    [Fact]
    public Task G2_a_late_event_splits_a_run() => History(
        ["5 Alice", "10 Alice", "15 Alice", "20 Charlie", "12 Bob"],
        "[5,12) Alice", "[12,15) Bob", "[15,20) Alice", "[20,∞) Charlie");

    [Fact]
    public async Task G3_a_late_upsert_does_not_revive_a_deleted_key()
    {
        await Latest(["20 -", "10 A"]);
        await History(["20 -", "10 A"], "[10,20) A");
    }

    [Fact]
    public async Task G4_at_one_sequence_an_upsert_stands_after_a_delete()
    {
        await Latest(["20 -", "20 A"], "A@20");
        await History(["20 -", "20 A"], "[20,∞) A");
        await History(["10 A", "20 -", "20 A"], "[10,20) A", "[20,∞) A");
    }

    [Fact]
    public async Task G5_an_unchanged_later_event_still_outranks_a_late_one()
    {
        await Latest(["10 A", "30 A", "20 B"], "A@30");
        await History(["10 A", "30 A", "20 B"], "[10,20) A", "[20,30) B", "[30,∞) A");
    }

    [Fact]
    public Task G6_a_life_ends_at_a_delete_even_if_the_next_is_the_same() => History(["10 A", "20 -", "30 A"], "[10,20) A", "[30,∞) A");

    [Fact]
    public async Task G7_a_late_delete_cuts_what_looked_like_one_run()
    {
        await Latest(["10 A", "30 A", "20 -"], "A@30");
        await History(["10 A", "30 A", "20 -"], "[10,20) A", "[30,∞) A");
    }

    [Fact]
    public Task G8_a_delete_may_come_before_anything_it_deletes() => History(["20 -", "10 A", "30 A"], "[10,20) A", "[30,∞) A");

    [Fact]
    public async Task G17_a_hundred_events_in_any_batches_give_one_table()
    {
        Event[] events = [.. Enumerable.Range(1, 100).Select(i => new Event("k" + (i % 9), 0, i, 0, i % 13 == 0, "v" + (i % 3), i / 2.0, i))];
        Event[][][] deliveries =
        [
            [events], [.. events.Select(e => (Event[])[e])], [events[..60], events[40..]], [.. events.Reverse().Chunk(7)],
        ];
        HashSet<string> tables = [];
        HashSet<string> golds = [];
        foreach (Event[][] delivery in deliveries)
        {
            Lake lake = await Lake.OpenAsync(Rules, Shape, ScdType.Type2);
            foreach (Event[] batch in delivery)
            {
                await lake.DeliverAsync(batch);
                await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold);
            }

            tables.Add(string.Join('\n', await Rows.ReadAsync(lake.Silver)));
            golds.Add(string.Join('\n', await GoldRows.ReadAsync(lake.Gold)));
        }

        tables.Should().ContainSingle().Which.Should().NotBeEmpty();
        golds.Should().ContainSingle().Which.Should().NotBeEmpty();
    }

    [Fact]
    public async Task G22_a_sum_of_doubles_is_exact_whatever_the_order()
    {
        double[] prices = [1e100, 1, -1e100];
        foreach (int[] order in Permutations(3))
        {
            Lake lake = await Lake.OpenAsync(Rules with { TwoKeys = true }, Shape, ScdType.Type1);
            foreach (int i in order)
            {
                await lake.DeliverAsync([new Event("k", i, 1, 0, false, "n", prices[i], null)]);
                await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold);
            }

            (await GoldRows.ReadAsync(lake.Gold)).Should().ContainSingle().Which.Split('|')[3].Should().Be(Bits(1));
            await lake.DeliverAsync([new Event("k", 0, 2, 0, true, null, null, null), new Event("k", 2, 2, 0, true, null, null, null)]);
            await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold);
            (await GoldRows.ReadAsync(lake.Gold)).Should().ContainSingle().Which.Split('|')[3].Should().Be(Bits(1));
        }
    }

    [Fact]
    public Task G25_a_change_of_an_untracked_column_stays_in_its_run() => Check(
        [new Event("k", 0, 10, 0, false, "A", 1, null), new Event("k", 0, 15, 0, false, "A", 2, null)],
        ScdType.Type2,
        ["k|0|15|0|A|2|null[10,null,true]"]);

    private static string Bits(double value) => BitConverter.DoubleToInt64Bits(value).ToString("X16");

    private static TableShape Shape => new(ChangeDataFeed: true, DeletionVectors: true, AutoCompact: false, Staged: true, Reopen: false, Cache: true);

    private static Task Latest(string[] events, params string[] expected) => Check(
        Parse(events), ScdType.Type1, [.. expected.Select(e => $"k|0|{e.Split('@')[1]}|0|{e.Split('@')[0]}|null|null")]);

    private static Task History(string[] events, params string[] expected)
    {
        Event[] parsed = Parse(events);
        return Check(parsed, ScdType.Type2, [.. expected.Select(Row)]);

        // A period shows the last event of its run.
        string Row(string text)
        {
            string[] parts = text.Trim('[').Split([',', ')'], StringSplitOptions.TrimEntries);
            (long start, long end) = (long.Parse(parts[0]), parts[1] == "∞" ? long.MaxValue : long.Parse(parts[1]));
            long shown = parsed.Where(e => !e.IsDelete && e.S1 >= start && e.S1 < end).Max(e => e.S1);
            return $"k|0|{shown}|0|{parts[2]}|null|null[{start},{(parts[1] == "∞" ? "null,true" : end + ",false")}]";
        }
    }

    private static Event[] Parse(string[] events) =>
        [.. events.Select(e => e.Split(' ')).Select(w => new Event("k", 0, long.Parse(w[0]), 0, w[1] == "-", w[1] == "-" ? null : w[1], null, null))];

    private static async Task Check(Event[] events, ScdType scdType, string[] expected)
    {
        foreach (int[] order in Permutations(events.Length))
        {
            for (int cut = 0; cut < events.Length; cut++)
            {
                Lake lake = await Lake.OpenAsync(Rules, Shape with { Staged = false }, scdType);
                Event[] delivered = [.. order.Select(i => events[i])];
                foreach (Event[] batch in (Event[][])[delivered[..cut], delivered[cut..], delivered])
                {
                    await lake.DeliverAsync(batch);
                }

                (await Rows.ReadAsync(lake.Silver)).Should().Equal(expected.Order(StringComparer.Ordinal), $"order {string.Join(',', order)}, cut after {cut}");
            }
        }
    }

    private static IEnumerable<int[]> Permutations(int count) => count == 0
        ? [[]]
        : Permutations(count - 1).SelectMany(p => Enumerable.Range(0, count).Select(at => (int[])[.. p[..at], count - 1, .. p[at..]]));
}
