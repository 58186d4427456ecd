using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Laws.Tests.Vectors;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>reconcile after reconcile == finds nothing: what drifted is found, repaired through the engine, and gone, and the flow goes on.</summary>
public sealed class Law4_ReconcileAfterReconcileFindsNothing
{
    private static readonly ReconcileOptions Repair = new() { Mode = ReconcileMode.Repair };

    [Fact]
    public void Type1_is_repaired_after_any_drift() => Cases.Check(Drifted(Delivery.OfType1), CaseNumbers.Drifted, d => CheckSilver(d, ScdType.Type1));

    [Fact]
    public void Type2_is_repaired_after_any_drift() => Cases.Check(Drifted(Delivery.OfType2), CaseNumbers.Drifted, d => CheckSilver(d, ScdType.Type2));

    [Fact]
    public void Keys_that_became_others_are_repaired_after_any_drift() =>
        Cases.Check(Drifted(Delivery.OfChangingKeys), CaseNumbers.DriftedKeysChanged, d => CheckSilver(d, ScdType.Type2));

    [Fact]
    public void Gold_is_repaired_after_any_drift() => Cases.Check(Drifted(Delivery.OfType1), CaseNumbers.Drifted, CheckGold);

    [Fact]
    public async Task Which_of_several_deletes_came_first_is_no_drift()
    {
        EngineUnderTest engine = await OpenNamedAsync();
        await engine.DeliverAsync([Event.Upsert(["k"], [1L], "u", null), Event.Delete(["k"], [1L], "x", null)]);
        await engine.DeliverAsync([Event.Delete(["k"], [1L], "y", null)]);

        ReconcileReport report = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver);

        report.IsClean.Should().BeTrue(report.ToString());
    }

    [Fact]
    public async Task A_wrong_mark_of_the_current_row_is_repaired_once()
    {
        EngineUnderTest engine = await OpenNamedAsync();
        Event[] events = [Event.Upsert(["k"], [1L], "a", null), Event.Upsert(["k"], [2L], "b", null)];
        await engine.DeliverAsync(events);
        int mark = engine.Silver.CurrentSnapshot.Schema.GetFieldIndex("__is_current");
        await ForeignWriter.DamageAsync(engine.Silver, [new Damage(DamageKind.Alter, Row: 0, mark, Donor: 1)]);

        ReconcileReport found = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver, Repair);
        ReconcileReport again = await Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver, Repair);

        found.Different.Should().Be(1);
        again.IsClean.Should().BeTrue(again.ToString());
        await engine.SilverMustHoldAsync(events);
    }

    private static Task<EngineUnderTest> OpenNamedAsync() =>
        EngineUnderTest.OpenAsync(new History(WholeRowVectors.Named, new Wire(Presence.Whole), []), new TableShape(), ScdType.Type2);

    /// <summary>The share of the batches that comes before the damage, and how many events a pass of the reconciler may hold.</summary>
    private static Gen<Case> Drifted(Gen<Delivery> deliveries) =>
        from delivery in deliveries
        from before in Gen.Int[1, delivery.Batches.Length]
        from damage in Damage.Any
        from forgetState in Gen.Int[0, 3]
        from eventsPerPass in Gen.Int[1, 60]
        select new Case(delivery.Staged(), before, damage, forgetState == 3, eventsPerPass);

    private static async Task CheckSilver(Case c, ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(c.Delivery.History, c.Delivery.Shape, scdType);
        await DeliverAsync(engine, c.Before);
        await engine.RefreshGoldAsync();
        string[] undamaged = await engine.SilverTextsAsync();
        await ForeignWriter.DamageAsync(engine.Silver, c.Damages);
        bool forgotten = c.ForgetState && await ForeignWriter.ForgetStateAsync(engine.Silver);
        bool damaged = !(await DamagedTextsAsync(engine)).SequenceEqual(undamaged);

        ReconcileReport seen = await ReconcileAsync(new ReconcileOptions { MaxEventsPerPass = c.EventsPerPass });
        ReconcileReport found = await ReconcileAsync(Repair with { MaxEventsPerPass = c.EventsPerPass });
        ReconcileReport again = await ReconcileAsync(Repair);

        // State that was lost may have held nothing that counts, such as tombstones that were overtaken.
        seen.IsClean.Should().Be(forgotten && !damaged ? seen.StateDrift == 0 : !damaged, seen.ToString());
        seen.RepairVersion.Should().BeNull();
        found.IsClean.Should().Be(seen.IsClean, found.ToString());
        again.IsClean.Should().BeTrue(again.ToString());
        again.RepairVersion.Should().BeNull();
        await engine.SilverMustHoldAsync([.. c.Before.SelectMany(b => b)], "it was repaired");

        // What comes later meets rows and state as if nothing had happened, and Gold follows drift and repair.
        await DeliverAsync(engine, c.After);
        await engine.SilverMustHoldAsync(c.Delivery.History.Events, "events came after the repair");
        await engine.RefreshGoldAsync();
        await engine.GoldMustHoldAsync(c.Delivery.History.Events, "Silver was repaired");

        Task<ReconcileReport> ReconcileAsync(ReconcileOptions options) =>
            Reconciler.ReconcileAsync(engine.Flow, engine.Staging, engine.Silver, options);
    }

    private static async Task CheckGold(Case c)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(c.Delivery.History, c.Delivery.Shape, ScdType.Type1);
        await DeliverAsync(engine, c.Before);
        await engine.RefreshGoldAsync();
        string[] undamaged = await engine.GoldTextsAsync();
        await ForeignWriter.DamageAsync(engine.Gold, c.Damages);
        bool drifted = c.ForgetState && await ForeignWriter.ForgetStateAsync(engine.Gold);
        drifted |= !(await engine.GoldTextsAsync()).SequenceEqual(undamaged);

        ReconcileReport found = await Reconciler.ReconcileAsync(engine.Aggregate, engine.Silver, engine.Gold, Repair);
        ReconcileReport again = await Reconciler.ReconcileAsync(engine.Aggregate, engine.Silver, engine.Gold, Repair);

        found.IsClean.Should().Be(!drifted, found.ToString());
        again.IsClean.Should().BeTrue(again.ToString());
        await engine.GoldMustHoldAsync([.. c.Before.SelectMany(b => b)], "it was repaired");

        await DeliverAsync(engine, c.After);
        await engine.RefreshGoldAsync();
        await engine.GoldMustHoldAsync(c.Delivery.History.Events, "events came after the repair");
    }

    private static async Task DeliverAsync(EngineUnderTest engine, IEnumerable<Event[]> batches)
    {
        foreach (Event[] batch in batches)
        {
            await engine.DeliverAsync(batch);
        }
    }

    /// <summary>Damaged periods may be none at all, such as one without a start; they differ from any.</summary>
    private static async Task<string[]> DamagedTextsAsync(EngineUnderTest engine)
    {
        try
        {
            return await engine.SilverTextsAsync();
        }
        catch (InvalidDataException error)
        {
            return [error.Message];
        }
    }

    private sealed record Case(Delivery Delivery, int Cut, Damage[] Damages, bool ForgetState, int EventsPerPass) : IReducible<Case>
    {
        public IEnumerable<Case> Smaller() =>
        [
            .. Enumerable.Range(0, Damages.Length).Select(i => this with { Damages = [.. Damages.Where((_, at) => at != i)] }),
            .. Enumerable.Repeat(this with { ForgetState = false }, ForgetState ? 1 : 0),
            .. Delivery.Smaller().Select(d => this with { Delivery = d, Cut = Math.Min(Cut, d.Batches.Length) }),
        ];

        public Event[][] Before => Delivery.Batches[..Cut];

        public Event[][] After => Delivery.Batches[Cut..];

        public override string ToString() =>
            $"{Delivery}\nafter {Cut} batches: {string.Join(", ", Damages.Select(d => d.ToString()))}{(ForgetState ? ", the state is lost" : "")}; "
            + $"passes of {EventsPerPass} events";
    }
}
