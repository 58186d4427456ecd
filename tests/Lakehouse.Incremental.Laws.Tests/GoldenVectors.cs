using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Laws.Tests.Vectors;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>
/// The golden vectors of the semantics (section 2.44). G29 is with law 5; G26, about the raw MERGE, is with its tests. G20, G21, G27 and G28 are about
/// comparing snapshots and about windows, which are not built.
/// </summary>
public sealed class GoldenVectors
{
    private const int MaxOrders = 24;

    private static readonly Layout Counted = new(
        [new Column("group", ColumnType.Text), new Column("k", ColumnType.Long)],
        [new Column("s", ColumnType.Long)],
        [new Column("price", ColumnType.Double)],
        [true]);

    public static TheoryData<string> Vectors => [.. GoldenVectorSet.All.Select(v => v.Name)];

    /// <summary>Every order of up to four events, two dozen of more; each in every split; at the end all of them once more.</summary>
    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task A_vector_holds_in_every_order_and_split(string name)
    {
        GoldenVector vector = GoldenVectorSet.Named(name);
        int[][] orders = [.. Deliveries.Permutations(vector.Events.Length)];
        int stride = Math.Max(1, orders.Length / MaxOrders);
        foreach (Wire wire in Wires.For(vector))
        {
            foreach (int[] order in orders.Where((_, i) => i % stride == 0))
            {
                foreach (Event[][] batches in Deliveries.Splits<Event>([.. order.Select(i => vector.Events[i])]))
                {
                    await CheckAsync(vector, wire, [.. batches, vector.Events]);
                }
            }
        }
    }

    [Fact]
    public async Task G17_a_hundred_events_in_any_batches_give_one_table()
    {
        History history = Whole(WholeRowVectors.Named);
        Event[] events = [.. Enumerable.Range(1, 100).Select(i => new Event(i % 13 == 0 ? EventKind.Delete : EventKind.Upsert, ["k" + (i % 9)], [(long)i], ["v" + (i % 3), (long)i]))];
        Event[] shuffled = [.. events.OrderBy(e => ((long)e.Order[0]! * 37) % 101)];
        Event[][][] deliveries
            = [[events], [.. events.Chunk(1)], [events[..60], events[40..]], [.. shuffled.Chunk(7)], [.. shuffled.Reverse().Chunk(33)]];
        foreach (ScdType scdType in (ScdType[])[ScdType.Type1, ScdType.Type2])
        {
            foreach (Event[][] delivery in deliveries)
            {
                EngineUnderTest engine = await EngineUnderTest.OpenAsync(history, new TableShape(), scdType);
                foreach (Event[] batch in delivery)
                {
                    await engine.DeliverAsync(batch);
                    await engine.RefreshGoldAsync();
                }

                await engine.SilverMustHoldAsync(events, $"{delivery.Length} batches");
                await engine.GoldMustHoldAsync(events, $"{delivery.Length} batches");
            }
        }
    }

    [Fact]
    public async Task G22_a_sum_of_doubles_is_exact_whatever_the_order()
    {
        double[] prices = [1e100, 1, -1e100];
        foreach (int[] order in Deliveries.Permutations(3))
        {
            EngineUnderTest engine = await OpenCountedAsync(GoldMeasure.Sum);
            foreach (int i in order)
            {
                await CountAsync(engine, Event.Upsert(["g", (long)i], [1L], prices[i]));
            }

            (await engine.GoldTextsAsync()).Should().Equal(Texts.OfBits([["g", 3L, 1d]]));
            await CountAsync(engine, Event.Delete(["g", 0L], [2L], prices[0]), Event.Delete(["g", 2L], [2L], prices[2]));
            (await engine.GoldTextsAsync()).Should().Equal(Texts.OfBits([["g", 1L, 1d]]));
        }
    }

    [Fact]
    public async Task G22_a_sum_of_floats_is_rounded_once()
    {
        Layout layout = Counted with { Values = [new Column("price", ColumnType.Float)] };
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(Whole(layout), new TableShape(), ScdType.Type1, new GoldLayout([0], [(GoldMeasure.Sum, 3)]));
        await CountAsync(engine, [.. ((float[])[16_777_216f, 1f, 1e-30f]).Select((price, i) => Event.Upsert(["g", (long)i], [1L], price))]);

        (await engine.GoldTextsAsync()).Should().Equal(Texts.OfBits([["g", 3L, 16_777_218f]]));
    }

    [Fact]
    public async Task G23_a_minimum_is_right_after_it_was_retracted()
    {
        EngineUnderTest engine = await OpenCountedAsync(GoldMeasure.Min);
        await CountAsync(engine, Event.Upsert(["g", 1L], [1L], 3d), Event.Upsert(["g", 2L], [1L], 3d), Event.Upsert(["g", 3L], [1L], 5d));

        (await engine.GoldTextsAsync()).Should().Equal(Texts.OfBits([["g", 3L, 3d]]));
        await CountAsync(engine, Event.Delete(["g", 1L], [2L], 3d));
        (await engine.GoldTextsAsync()).Should().Equal(Texts.OfBits([["g", 2L, 3d]]));
        await CountAsync(engine, Event.Delete(["g", 2L], [2L], 3d));
        (await engine.GoldTextsAsync()).Should().Equal(Texts.OfBits([["g", 1L, 5d]]));
        await CountAsync(engine, Event.Delete(["g", 3L], [2L], 5d));
        (await engine.GoldTextsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task G30_one_missing_one_extra_one_changed_are_found_and_repaired(ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(Whole(Counted), new TableShape(), scdType);
        Event[] events = [.. Enumerable.Range(0, 4).Select(i => Event.Upsert(["g", (long)i], [1L], i * 1.5))];
        await engine.DeliverAsync(events);
        int price = engine.Silver.CurrentSnapshot.Schema.GetFieldIndex("price");
        await ForeignWriter.AppendCopyAsync(engine.Silver, row: 0, "k", ColumnType.Long, 9L);
        await ForeignWriter.DamageAsync(engine.Silver, [new Damage(DamageKind.Alter, 1, price, 2), new Damage(DamageKind.Remove, 3, 0, 0)]);

        ReconcileOptions repair = new() { Mode = ReconcileMode.Repair };
        ReconcileReport found = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver, repair);
        ReconcileReport again = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver, repair);

        (found.Missing, found.Extra, found.Different).Should().Be((1, 1, 1));
        found.RepairVersion.Should().NotBeNull();
        again.IsClean.Should().BeTrue(again.ToString());
        await engine.SilverMustHoldAsync(events, "it was repaired");
    }

    private static async Task CheckAsync(GoldenVector vector, Wire wire, Event[][] batches)
    {
        Delivery delivery = new(
            new History(vector.Layout, wire, vector.Events), new TableShape { Staged = false, ChangeDataFeed = false }, Delivery.Agreeing(wire, batches), []);
        if (vector.Latest is { } latest)
        {
            EngineUnderTest engine = await EngineUnderTest.RunAsync(delivery, ScdType.Type1);
            (await engine.SilverTextsAsync()).Should().Equal(Texts.Of(latest), delivery.ToString());
        }

        if (vector.History is { } history)
        {
            EngineUnderTest engine = await EngineUnderTest.RunAsync(delivery, ScdType.Type2);
            (await engine.SilverTextsAsync()).Should().Equal(Texts.Of(history), delivery.ToString());
        }
    }

    private static Task<EngineUnderTest> OpenCountedAsync(GoldMeasure measure) =>
        EngineUnderTest.OpenAsync(Whole(Counted), new TableShape(), ScdType.Type1, new GoldLayout([0], [(measure, 3)]));

    private static History Whole(Layout layout) => new(layout, new Wire(Presence.Whole), []);

    private static async Task CountAsync(EngineUnderTest engine, params Event[] events)
    {
        await engine.DeliverAsync(events);
        await engine.RefreshGoldAsync();
    }
}
