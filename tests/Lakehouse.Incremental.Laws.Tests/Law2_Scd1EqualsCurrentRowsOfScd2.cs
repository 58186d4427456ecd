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
    public void Type1_rows_are_the_current_rows_of_type2() => Cases.Check(TwoDeliveries, CaseNumbers.BothTypes, Check);

    private static Gen<(Delivery First, Delivery Second)> TwoDeliveries =>
        Histories.OfBothTypes.SelectMany(h => Gen.Select(Delivery.Of(h), Delivery.Of(h)));

    private static async Task Check((Delivery First, Delivery Second) deliveries)
    {
        EngineUnderTest latest = await EngineUnderTest.RunAsync(deliveries.First, ScdType.Type1);
        EngineUnderTest history = await EngineUnderTest.RunAsync(deliveries.Second, ScdType.Type2);

        IEnumerable<Period> current = (await history.HistoryAsync()).Where(p => p.IsCurrent);

        Texts.Of(await latest.LatestAsync()).Should().Equal(Texts.Of(current.Select(p => new LatestRow(p.Row, p.IsDeleted ? p.Start : null))));
    }
}
