using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>rows(SCD1) == current_rows(SCD2), although the two were fed in different batches and orders.</summary>
public sealed class Law2_Scd1EqualsCurrentRowsOfScd2
{
    [Fact]
    public void Type1_rows_are_the_current_rows_of_type2() => Cases.Check(TwoDeliveries, 300, Check);

    private static Gen<(Delivery First, Delivery Second)> TwoDeliveries =>
        History.Any.SelectMany(h => Gen.Select(Delivery.Of(h), Delivery.Of(h)));

    private static async Task Check((Delivery First, Delivery Second) deliveries)
    {
        EngineUnderTest latest = await DeliverAsync(deliveries.First, ScdType.Type1);
        EngineUnderTest history = await DeliverAsync(deliveries.Second, ScdType.Type2);

        IReadOnlyList<Period> periods = await TableRows.ReadHistoryAsync(history.Silver, deliveries.Second.History.Layout);

        (await latest.LatestTextsAsync()).Should().Equal(Texts.Of(periods.Where(p => p.IsCurrent).Select(p => p.Row)));
    }

    private static async Task<EngineUnderTest> DeliverAsync(Delivery delivery, ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(delivery.History.Layout, delivery.Shape, scdType);
        foreach (Event[] batch in delivery.Batches)
        {
            await engine.DeliverAsync(batch);
        }

        return engine;
    }
}
