using CsCheck;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>
/// silver == State(config, the events that were admitted), where only events that come after the horizon was advanced and lie before it may be refused:
/// they are in the quarantine. What the horizon forgets shows nowhere.
/// </summary>
public sealed class Law6_WhatIsTooLateIsSetApartAndNeverApplied
{
    [Fact]
    public void Type1_after_its_horizon() => Cases.Check(WithHorizon(Histories.OfType1), CaseNumbers.TooLate, c => Check(c, ScdType.Type1));

    [Fact]
    public void Type2_after_its_horizon() => Cases.Check(WithHorizon(Histories.OfType2), CaseNumbers.TooLate, c => Check(c, ScdType.Type2));

    private static Gen<Case> WithHorizon(Gen<History> histories) =>
        from history in histories
        from delivery in Delivery.Of(history)
        from before in Gen.Int[0, delivery.Batches.Length]
        from horizon in Gen.Int[0, history.Events.Length - 1]
        let order = history.Events[horizon].Order
        select new Case(delivery.Quarantined(), before, history.Layout.HasPlace(history.Events[horizon]) ? order : null);

    private static async Task Check(Case c, ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(c.Delivery.History, c.Delivery.Shape, scdType);
        await DeliverAsync(engine, c.Delivery, 0, c.Cut);
        if (c.Horizon is { } horizon)
        {
            MergeResult advanced = await engine.Flow.AdvanceHorizonAsync(engine.Silver, FlowRules.Place(c.Delivery.History.Layout, horizon));
            MergeResult again = await engine.Flow.AdvanceHorizonAsync(engine.Silver, FlowRules.Place(c.Delivery.History.Layout, horizon));
            (advanced.AlreadyApplied, again.AlreadyApplied).Should().Be((false, true));
            await engine.SilverMustHoldAsync(c.Before, "what is forgotten shows nowhere");
        }

        await DeliverAsync(engine, c.Delivery, c.Cut, c.Delivery.Batches.Length);

        string[] refused = await engine.QuarantineAsync();
        await engine.SilverMustHoldAsync([.. c.Before, .. c.After.Where(e => !refused.Contains(Line(e)))], "the other events were admitted");
        refused.Should().BeSubsetOf(c.After.Where(c.IsBeforeHorizon).Select(Line));
        if (scdType == ScdType.Type2)
        {
            c.After.Where(e => c.IsBeforeHorizon(e) && !c.MayBeKnown(e)).Select(Line).Should().BeSubsetOf(refused, "a history refuses all that is new");
        }

        if (c.Delivery.Shape.Staged)
        {
            ReconcileReport report = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver);
            report.IsClean.Should().BeTrue(report.ToString());
        }

        string Line(Event e) => engine.QuarantineLine(e, ErrorCodes.TooLate, "");
    }

    private static async Task DeliverAsync(EngineUnderTest engine, Delivery delivery, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            MergeResult result = await engine.DeliverAsync(delivery.Batches[i]);
            result.RowsIn.Should().Be(result.Applied + result.Duplicates + result.Late + result.Superseded + result.TooLate);
            await engine.KeepUpAsync(delivery.UpkeepAfter(i));
        }
    }

    /// <summary>A delivery, after how many of its batches the horizon is advanced, and to where.</summary>
    private sealed record Case(Delivery Delivery, int Cut, object?[]? Horizon) : IReducible<Case>
    {
        public Event[] Before => [.. Delivery.Batches[..Cut].SelectMany(b => b)];

        public Event[] After => [.. Delivery.Batches[Cut..].SelectMany(b => b)];

        /// <summary>An event that speaks only of groups has no place that could be compared.</summary>
        public bool IsBeforeHorizon(Event e) => Horizon is not null && Delivery.History.Layout.HasPlace(e) && Canonical.Compare(e.Order, Horizon) < 0;

        /// <summary>Something of its key stood at its place when the horizon was advanced.</summary>
        public bool MayBeKnown(Event e) => Array.Exists(Before, b => Canonical.Equal(b.Order, e.Order) && (IsOfKey(b, e.Key) || b.Kind == EventKind.Truncate));

        private static bool IsOfKey(Event e, object?[] key) => Canonical.Equal(e.Key, key) || (e.ChangesKey && Canonical.Equal(e.FormerKey!, key));

        public IEnumerable<Case> Smaller() =>
            from d in Delivery.Smaller()
            from cut in new[] { Cut, Cut - 1 }
            where cut >= 0 && cut <= d.Batches.Length
            select this with { Delivery = d, Cut = cut };

        public override string ToString() => $"{Delivery}\nafter {Cut} batches the horizon is [{(Horizon is null ? "none" : Literal.Of(Horizon))}]";
    }
}
