using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>Gold maintained incrementally == Gold recomputed from Silver, bit for bit, floats included.</summary>
public sealed class Law3_GoldIncrementalEqualsRecompute
{
    [Fact]
    public void Gold_follows_type1_bit_for_bit() => Cases.Check(Counted(Delivery.OfType1), CaseNumbers.Counted, c => Check(c, ScdType.Type1));

    [Fact]
    public void Gold_follows_type2_bit_for_bit() => Cases.Check(Counted(Delivery.OfType2), CaseNumbers.Counted, c => Check(c, ScdType.Type2));

    private static Gen<Case> Counted(Gen<Delivery> deliveries) =>
        from delivery in deliveries
        from groupBy in Gen.Int[0, delivery.History.Layout.Columns.Length - 1].Array[0, 2]
        from refreshes in Gen.Bool.Array[delivery.Batches.Length]
        select new Case(Followed(delivery), GoldLayout.Everything(delivery.History.Layout, [.. groupBy.Distinct().Where(c => IsColumn(delivery.History.Layout, c))]), refreshes);

    /// <summary>A field of a struct is none.</summary>
    private static bool IsColumn(Layout layout, int column) => layout.PathOf(layout.Columns[column]) == layout.Columns[column].Name;

    /// <summary>Gold reads changes since it was refreshed, so nothing is vacuumed in between, and Silver has all columns from the beginning.</summary>
    private static Delivery Followed(Delivery d) => d with
    {
        History = d.History with { Wire = d.History.Wire with { LateValue = null } },
        Upkeeps = [.. d.Upkeeps.Select(u => u == Upkeep.Vacuum ? Upkeep.ForeignRewrite : u)],
    };

    private static async Task Check(Case c, ScdType scdType)
    {
        Delivery delivery = c.Delivery;
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(delivery.History, delivery.Shape, scdType, c.Gold);
        for (int i = 0; i < delivery.Batches.Length; i++)
        {
            await engine.DeliverAsync(delivery.Batches[i]);
            await engine.KeepUpAsync(delivery.UpkeepAfter(i));
            if (c.Refreshes[i])
            {
                await engine.RefreshGoldAsync();
            }
        }

        await engine.RefreshGoldAsync();
        (await engine.RefreshGoldAsync()).AlreadyApplied.Should().BeTrue();

        await engine.GoldMustHoldAsync(delivery.History.Events);
        ReconcileReport report = await Reconciler.ReconcileAsync(engine.Aggregate, engine.Silver, engine.Gold);
        report.IsClean.Should().BeTrue(report.ToString());
    }

    /// <summary>A delivery, what is counted by which columns, and after which batches Gold is brought up to date.</summary>
    private sealed record Case(Delivery Delivery, GoldLayout Gold, bool[] Refreshes) : IReducible<Case>
    {
        public IEnumerable<Case> Smaller() => Delivery.Smaller().Select(d => this with { Delivery = d });

        public override string ToString() => $"{Delivery}\n{Gold}\nGold is refreshed after each batch: {string.Join(", ", Refreshes)}";
    }
}
