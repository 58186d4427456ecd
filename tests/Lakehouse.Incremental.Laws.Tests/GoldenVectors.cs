using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Laws.Tests.Vectors;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>
/// The golden vectors of the semantics (section 2.44) that are sets of events with the tables they come to. <see cref="GoldenVectorIndex"/> says where the
/// others are.
/// </summary>
public sealed class GoldenVectors
{
    private const int MaxOrders = 24;

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
        History history = new(WholeRowVectors.Named, new Wire(Presence.Whole), []);
        Event[] events =
            [.. Enumerable.Range(1, 100).Select(i => new Event(i % 13 == 0 ? EventKind.Delete : EventKind.Upsert, ["k" + (i % 9)], [(long)i], ["v" + (i % 3), (long)i]))];
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

    /// <summary>The row is gone in the second run and back in the third; each run is repeated.</summary>
    [Theory]
    [InlineData(0, 0, 0, 1, 1, 1, 2, 2, 2)]
    [InlineData(0, 1, 2, 2, 2)]
    [InlineData(2, 2, 2, 1, 0)]
    [InlineData(1, 2, 0, 2, 0, 1, 2)]
    public async Task G28_a_row_that_is_back_unchanged_has_two_lives_however_often_runs_repeat(params int[] runs)
    {
        Event[] events = [WholeRowVectors.Upsert(1, "A"), WholeRowVectors.Delete(2), WholeRowVectors.Upsert(3, "A")];
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(new History(WholeRowVectors.Named, new Wire(Presence.Whole), []), new TableShape(), ScdType.Type2);
        foreach (int run in runs)
        {
            await engine.DeliverAsync([events[run]]);
        }

        (await engine.SilverTextsAsync()).Should().Equal(Texts.Of([WholeRowVectors.Shown(1, 2, 1, "A"), WholeRowVectors.Shown(3, null, 3, "A")]));
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
}
