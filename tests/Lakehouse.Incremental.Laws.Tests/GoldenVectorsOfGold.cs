using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>The golden vectors of the semantics (section 2.44) about aggregates.</summary>
public sealed class GoldenVectorsOfGold
{
    private static readonly Layout Counted = new(
        [new Column("group", ColumnType.Text), new Column("k", ColumnType.Long)],
        [new Column("s", ColumnType.Long)],
        [new Column("price", ColumnType.Double)],
        [true]);

    private static readonly Layout Windowed = new(
        [new Column("order", ColumnType.Text)],
        [new Column("s", ColumnType.Long)],
        [new Column("window", ColumnType.Date)],
        [true]);

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
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(
            new History(layout, new Wire(Presence.Whole), []), new TableShape(), ScdType.Type1, new GoldLayout([0], [(GoldMeasure.Sum, 3)]));
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

    /// <summary>Windows are groups by a column: the row leaves the one and enters the other, in any order and split.</summary>
    [Fact]
    public async Task G27_an_order_that_moves_to_another_window_leaves_the_first()
    {
        (DateOnly first, DateOnly second) = (new DateOnly(2024, 1, 1), new DateOnly(2024, 1, 2));
        Event[] events = [Event.Upsert(["a"], [1L], first), Event.Upsert(["b"], [1L], first), Event.Upsert(["c"], [1L], second), Event.Upsert(["a"], [2L], second)];
        foreach (int[] order in Deliveries.Permutations(events.Length))
        {
            foreach (Event[][] batches in Deliveries.Splits<Event>([.. order.Select(i => events[i])]))
            {
                EngineUnderTest engine = await EngineUnderTest.OpenAsync(
                    new History(Windowed, new Wire(Presence.Whole), []), new TableShape { Staged = false }, ScdType.Type1, new GoldLayout([2], []));
                foreach (Event[] batch in batches)
                {
                    await CountAsync(engine, batch);
                }

                (await engine.GoldTextsAsync()).Should().Equal(Texts.OfBits([[first, 1L], [second, 2L]]));
            }
        }
    }

    private static Task<EngineUnderTest> OpenCountedAsync(GoldMeasure measure) => EngineUnderTest.OpenAsync(
        new History(Counted, new Wire(Presence.Whole), []), new TableShape(), ScdType.Type1, new GoldLayout([0], [(measure, 3)]));

    private static async Task CountAsync(EngineUnderTest engine, params Event[] events)
    {
        await engine.DeliverAsync(events);
        await engine.RefreshGoldAsync();
    }
}
