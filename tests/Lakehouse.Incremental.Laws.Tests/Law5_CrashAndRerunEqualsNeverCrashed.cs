using CsCheck;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>crash anywhere, then re-run == never crashed: nothing acknowledged is lost, nothing applied twice.</summary>
public sealed class Law5_CrashAndRerunEqualsNeverCrashed
{
    private static readonly History Priced = new(
        new Layout(
            [new Column("k", ColumnType.Text)],
            [new Column("s", ColumnType.Long)],
            [new Column("name", ColumnType.Text), new Column("price", ColumnType.Double)],
            [true, true]),
        new Wire(Presence.List),
        []);

    private static readonly Event[][] Batches =
    [
        [Upsert("a", 1, "x", 1.5), Upsert("b", 1, "x", null), Upsert("a", 3, "x", 2)],
        [Delete("b", 4), Upsert("a", 2, "y", 1), Upsert("c", 1, null, double.NaN)],
        [Upsert("b", 3, "late", 1), Upsert("a", 5, "z", 3), Delete("c", 2)],
        [Upsert("c", 3, "again", 1), Delete("a", 4), Event.Upsert(["b"], [5L], Unset.Cell, 7d), Event.Truncate([null], [1L], null, null)],
    ];

    [Theory]
    [InlineData(ScdType.Type1, false)]
    [InlineData(ScdType.Type1, true)]
    [InlineData(ScdType.Type2, false)]
    [InlineData(ScdType.Type2, true)]
    public async Task A_crash_at_any_write_leaves_nothing_but_the_need_to_run_again(ScdType scdType, bool afterEffect)
    {
        int crashes = await CrashEverywhereAsync(Priced, new TableShape { AutoCompact = true }, scdType, Batches, afterEffect);

        crashes.Should().BeGreaterThan(30, "every write of the run must have been tried");
    }

    [Fact]
    public async Task G29_a_crash_after_any_write_of_a_hundred_events()
    {
        Event[] events =
            [.. Enumerable.Range(1, 100).Select(i => i % 13 == 0 ? Delete("k" + (i % 9), i) : Upsert("k" + (i % 9), i, "v" + (i % 3), i / 3.0))];

        int crashes = await CrashEverywhereAsync(Priced, new TableShape(), ScdType.Type2, [events[60..], events[..70]], afterEffect: true);

        crashes.Should().BeGreaterThan(10, "every write of the run must have been tried");
    }

    [Fact]
    public void Processes_that_crash_one_after_the_other_at_any_step() => Cases.Check(
        Failing(most: 3),
        CaseNumbers.Crashed,
        async c =>
        {
            Delivery delivery = c.Delivery;
            Func<string, ITableStorage> disks = EngineUnderTest.Memory();
            foreach ((int at, bool afterEffect) in c.Failures)
            {
                CrashPoint point = new(at, afterEffect, countReads: true);
                await RunAsync(delivery.History, delivery.Shape, c.ScdType, delivery.Batches, name => new CrashingStorage(disks(name), point));
            }

            await RerunAndCheckAsync(delivery.History, delivery.Shape, c.ScdType, delivery.Batches, disks, "processes crashed");
        });

    [Fact]
    public void An_error_of_the_storage_does_not_spoil_the_instances_that_saw_it() => Cases.Check(
        Failing(most: 1),
        CaseNumbers.Failed,
        async c =>
        {
            Delivery delivery = c.Delivery;
            Func<string, ITableStorage> disks = EngineUnderTest.Memory();
            CrashPoint point = new(c.Failures[0].At, c.Failures[0].AfterEffect, countReads: true, goesOn: true);
            EngineUnderTest engine = new(delivery.History, delivery.Shape, c.ScdType, name => new CrashingStorage(disks(name), point));
            await AgainAfterErrorAsync(engine.ReopenAsync);
            foreach (Event[] batch in delivery.Batches)
            {
                await AgainAfterErrorAsync(() => engine.DeliverAsync(batch));
                await AgainAfterErrorAsync(engine.RefreshGoldAsync);
            }

            point.Disarm();
            await engine.SilverMustHoldAsync(delivery.History.Events, "the call that failed was made again");
            await engine.GoldMustHoldAsync(delivery.History.Events, "the call that failed was made again");
        });

    /// <summary>Deliveries whose storage fails at steps that most runs reach.</summary>
    private static Gen<Case> Failing(int most) =>
        from isHistory in Gen.Bool
        from delivery in isHistory ? Delivery.OfType2 : Delivery.OfType1
        from failures in Gen.Select(Gen.Int[0, 20 + (12 * delivery.Batches.Length)], Gen.Bool).Array[1, most]
        select new Case(WithAllColumns(delivery), isHistory ? ScdType.Type2 : ScdType.Type1, failures);

    /// <summary>Gold counts all columns, so Silver has them from the beginning.</summary>
    private static Delivery WithAllColumns(Delivery d) => d with { History = d.History with { Wire = d.History.Wire with { LateValue = null } } };

    private static Event Upsert(string key, long sequence, string? name, double? price) => Event.Upsert([key], [sequence], name, price);

    private static Event Delete(string key, long sequence) => Event.Delete([key], [sequence], null, null);

    /// <summary>Runs the job once for each of its writes, ends it there, and runs it again. The number of crashes.</summary>
    private static async Task<int> CrashEverywhereAsync(History history, TableShape shape, ScdType scdType, Event[][] batches, bool afterEffect)
    {
        for (int write = 0; ; write++)
        {
            Func<string, ITableStorage> disks = EngineUnderTest.Memory();
            CrashPoint point = new(write, afterEffect);
            bool crashed = await RunAsync(history, shape, scdType, batches, name => new CrashingStorage(disks(name), point));
            await RerunAndCheckAsync(history, shape, scdType, batches, disks, $"the process ended at write {write}");
            if (!crashed)
            {
                return write;
            }
        }
    }

    /// <summary>The whole job from its beginning, as a process that starts anew does it. True when it crashed.</summary>
    private static async Task<bool> RunAsync(
        History history, TableShape shape, ScdType scdType, Event[][] batches, Func<string, ITableStorage> storage)
    {
        try
        {
            EngineUnderTest engine = new(history, shape, scdType, storage);
            await engine.ReopenAsync();
            foreach (Event[] batch in batches)
            {
                await engine.DeliverAsync(batch);
                await engine.RefreshGoldAsync();
            }

            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }

    private static async Task RerunAndCheckAsync(
        History history, TableShape shape, ScdType scdType, Event[][] batches, Func<string, ITableStorage> disks, string because)
    {
        (await RunAsync(history, shape, scdType, batches, disks)).Should().BeFalse();

        EngineUnderTest survivor = new(history, shape, scdType, disks);
        await survivor.ReopenAsync();
        Event[] events = [.. batches.SelectMany(b => b)];
        await survivor.SilverMustHoldAsync(events, because);
        await survivor.GoldMustHoldAsync(events, because);
        (await Reconciler.ReconcileAsync(survivor.Aggregate, survivor.Silver, survivor.Gold)).IsClean.Should().BeTrue(because);
        if (shape.Staged)
        {
            (await Reconciler.ReconcileAsync(survivor.Flow, survivor.Staging, survivor.Silver)).IsClean.Should().BeTrue(because);
        }
    }

    private static async Task AgainAfterErrorAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (CrashException)
        {
            await call();
        }
    }

    /// <summary>A delivery, and at which steps of the storage which runs of it fail, one after the other.</summary>
    private sealed record Case(Delivery Delivery, ScdType ScdType, (int At, bool AfterEffect)[] Failures) : IReducible<Case>
    {
        public IEnumerable<Case> Smaller() =>
        [
            .. Enumerable.Range(0, Failures.Length).Where(_ => Failures.Length > 1)
                .Select(i => this with { Failures = [.. Failures.Where((_, at) => at != i)] }),
            .. Delivery.Smaller().Select(d => this with { Delivery = d }),
        ];

        public override string ToString() =>
            $"{ScdType} {Delivery}\nfails {string.Join(", ", Failures.Select(f => $"{(f.AfterEffect ? "after" : "before")} step {f.At}"))}";
    }
}
