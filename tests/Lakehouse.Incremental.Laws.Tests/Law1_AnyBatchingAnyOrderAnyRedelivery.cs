using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>apply(b_n, … apply(b_1, ∅)) == State(config, set(b_1 ∪ … ∪ b_n)): any batching, any order, any re-delivery.</summary>
public sealed class Law1_AnyBatchingAnyOrderAnyRedelivery
{
    [Fact]
    public void Type1_holds_the_rows_the_set_of_events_says() => Cases.Check(Delivery.Any, 1500, d => Check(d, ScdType.Type1));

    [Fact]
    public void Type2_holds_the_history_the_set_of_events_says() => Cases.Check(Delivery.Any, 1500, d => Check(d, ScdType.Type2));

    private static async Task Check(Delivery delivery, ScdType scdType)
    {
        Lake lake = await Lake.OpenAsync(delivery.Rules, delivery.Shape, scdType);
        foreach (Event[] batch in delivery.Batches)
        {
            MergeResult result = await lake.DeliverAsync(batch);
            result.RowsIn.Should().Be(result.Applied + result.Duplicates + result.Late + result.Superseded);
        }

        ReferenceModel model = new(delivery.Rules, Events.Digest);
        SortedSet<string> expected = scdType == ScdType.Type1 ? model.Scd1(delivery.Events) : model.Scd2(delivery.Events);
        (await Rows.ReadAsync(lake.Silver)).Should().Equal(expected.Order(StringComparer.Ordinal));
    }
}
