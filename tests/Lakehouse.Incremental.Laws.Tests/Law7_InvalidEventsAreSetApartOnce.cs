using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>quarantine == the invalid events, once each and with their reason; silver == State(config, the valid events): any batching, any order, any re-delivery.</summary>
public sealed class Law7_InvalidEventsAreSetApartOnce
{
    [Fact]
    public void Type1_sets_invalid_events_apart_once() => Cases.Check(WithInvalid(Histories.OfType1), CaseNumbers.Invalid, d => Check(d, ScdType.Type1));

    [Fact]
    public void Type2_sets_invalid_events_apart_once() => Cases.Check(WithInvalid(Histories.OfType2), CaseNumbers.Invalid, d => Check(d, ScdType.Type2));

    private static Gen<Delivery> WithInvalid(Gen<History> histories) =>
        from history in histories
        from defects in Defects.Of(history)
        from delivery in Delivery.Of(history with { Events = [.. history.Events, .. defects] })
        select delivery.Quarantined();

    private static async Task Check(Delivery delivery, ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(delivery.History, delivery.Shape, scdType);
        for (int i = 0; i < delivery.Batches.Length; i++)
        {
            MergeResult result = await engine.DeliverAsync(delivery.Batches[i]);
            result.Quarantined.Should().Be(delivery.Batches[i].Count(e => ReasonOf(e) is not null));
            result.RowsIn.Should().Be(result.Applied + result.Duplicates + result.Late + result.Superseded + result.Quarantined);
            await engine.KeepUpAsync(delivery.UpkeepAfter(i));
        }

        await MustHoldAsync("all was delivered");
        await engine.DeliverAsync(delivery.Batches[0]);
        await MustHoldAsync("some was delivered again");
        if (delivery.Shape.Staged)
        {
            ReconcileReport report = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver);
            report.IsClean.Should().BeTrue(report.ToString());
        }

        async Task MustHoldAsync(string because)
        {
            await engine.SilverMustHoldAsync([.. delivery.History.Events.Where(e => ReasonOf(e) is null)], because);
            IEnumerable<string> invalid = delivery.History.Events.Select(e => ReasonOf(e) is { } why ? engine.QuarantineLine(e, why.Code, why.Column) : null).OfType<string>();
            (await engine.QuarantineAsync()).Should().Equal(invalid.Distinct().Order(StringComparer.Ordinal), because);
        }

        (string Code, string Column)? ReasonOf(Event e) => InvalidEvent.ReasonOf(delivery.History.Layout, scdType == ScdType.Type2, e);
    }
}
