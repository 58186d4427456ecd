using CsCheck;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>
/// A table that holds State(config, A) and no flow has written, adopted with a baseline at or after all of A, becomes State(config, A ∪ the events B after
/// the baseline). Of B what is not after it changes nothing: type 1 says late, a history sets it apart.
/// </summary>
public sealed class Law8_AnAdoptedTableGoesOnAsIfAFlowHadWrittenIt
{
    [Fact]
    public void Type1_is_adopted() => Cases.Check(Adopted(Histories.OfBothTypes), CaseNumbers.Adopted, c => Check(c, ScdType.Type1));

    [Fact]
    public void Type2_is_adopted() => Cases.Check(Adopted(Histories.OfBothTypes), CaseNumbers.Adopted, c => Check(c, ScdType.Type2));

    private static Gen<Case> Adopted(Gen<History> histories) =>
        from history in histories
        from delivery in Delivery.Of(history)
        from baseline in Gen.Int[0, history.Events.Length - 1]
        select new Case(delivery.Quarantined(), history.Events[baseline].Order);

    private static async Task Check(Case c, ScdType scdType)
    {
        EngineUnderTest former = await EngineUnderTest.OpenAsync(c.Delivery.History, c.Delivery.Shape, scdType);
        foreach (Event[] batch in Delivery.Agreeing(c.Delivery.History.Wire, [c.Before]).Where(b => b.Length > 0))
        {
            await former.DeliverAsync(batch);
        }

        EngineUnderTest engine = await EngineUnderTest.OpenAsync(c.Delivery.History, c.Delivery.Shape, scdType);
        await ForeignWriter.CopyAsync(former.Silver, engine.Silver);

        await engine.Flow.AdoptAsync(engine.Silver, FlowRules.Place(c.Delivery.History.Layout, c.Baseline));
        await engine.SilverMustHoldAsync(c.Before, "it is adopted as it is");
        for (int i = 0; i < c.Delivery.Batches.Length; i++)
        {
            await engine.DeliverAsync(c.Delivery.Batches[i]);
            await engine.KeepUpAsync(c.Delivery.UpkeepAfter(i));
        }

        Event[] all = c.Delivery.History.Events;
        await engine.SilverMustHoldAsync([.. c.Before, .. all.Where(e => !c.IsUpToBaseline(e))], "events after the baseline were admitted");
        (await engine.QuarantineAsync()).Should().BeSubsetOf(
            scdType == ScdType.Type1 ? [] : all.Where(c.IsUpToBaseline).Select(e => engine.QuarantineLine(e, ErrorCodes.TooLate, "")));
    }

    /// <summary>A delivery, and the place up to which its events are in the table already.</summary>
    private sealed record Case(Delivery Delivery, object?[] Baseline) : IReducible<Case>
    {
        /// <summary>What made the table: every second event up to the baseline. The others are news that come too late.</summary>
        public Event[] Before => [.. Delivery.History.Events.Where((e, i) => IsUpToBaseline(e) && i % 2 == 0)];

        public bool IsUpToBaseline(Event e) => Canonical.Compare(e.Order, Baseline) <= 0;

        public IEnumerable<Case> Smaller() => Delivery.Smaller().Select(d => this with { Delivery = d });

        public override string ToString() => $"{Delivery}\nbaseline [{Literal.Of(Baseline)}]";
    }
}
