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
    private static readonly Event[][] Batches =
    [
        [new("a", 0, 1, 0, false, "x", 1.5, 7), new("b", 0, 1, 0, false, "x", null, 1), new("a", 0, 3, 0, false, "x", 2, 7)],
        [new("b", 0, 4, 0, true, null, null, null), new("a", 0, 2, 0, false, "y", 1, 3), new("c", 0, 1, 0, false, null, double.NaN, null)],
        [new("b", 0, 3, 0, false, "late", 1, 1), new("a", 0, 5, 0, false, "z", 3, 4), new("c", 0, 2, 0, true, null, null, null)],
        [new("c", 0, 3, 0, false, "again", 1, 1), new("a", 0, 4, 0, true, null, null, null)],
    ];

    [Theory]
    [InlineData(ScdType.Type1, false)]
    [InlineData(ScdType.Type1, true)]
    [InlineData(ScdType.Type2, false)]
    [InlineData(ScdType.Type2, true)]
    public async Task A_crash_at_any_write_leaves_nothing_but_the_need_to_run_again(ScdType scdType, bool afterEffect)
    {
        Rules rules = new(TwoKeys: false, TwoSequences: false, TrackNameOnly: false);
        TableShape shape = new(ChangeDataFeed: true, DeletionVectors: true, AutoCompact: true, Staged: true, Reopen: false, Cache: true);
        ReferenceModel model = new(rules, Events.Digest);
        Event[] all = [.. Batches.SelectMany(b => b)];
        IEnumerable<string> expected = (scdType == ScdType.Type1 ? model.Scd1(all) : model.Scd2(all)).Order(StringComparer.Ordinal);
        int crashes = 0;
        for (int write = 0; ; write++)
        {
            Dictionary<string, ITableStorage> disks = new() { ["staging"] = new InMemoryTableStorage(), ["silver"] = new InMemoryTableStorage(), ["gold"] = new InMemoryTableStorage() };
            CrashPoint point = new(write, afterEffect);
            bool crashed = await RunAsync(rules, shape, scdType, name => new CrashingStorage(disks[name], point));
            crashes += crashed ? 1 : 0;
            (await RunAsync(rules, shape, scdType, name => disks[name])).Should().BeFalse();

            Lake survivor = new(rules, shape, scdType, name => disks[name]);
            await survivor.ReopenAsync();
            (await Rows.ReadAsync(survivor.Silver)).Should().Equal(expected, $"the process ended at write {write}");
            (await Reconciler.ReconcileAsync(survivor.Flow, survivor.Staging, survivor.Silver)).IsClean.Should().BeTrue($"the process ended at write {write}");
            (await Reconciler.ReconcileAsync(survivor.Aggregate, survivor.Silver, survivor.Gold)).IsClean.Should().BeTrue($"the process ended at write {write}");
            if (!crashed)
            {
                break;
            }
        }

        crashes.Should().BeGreaterThan(30, "every write of the run must have been tried");
    }

    /// <summary>The whole job from its beginning, as a process that starts anew does it. True when it crashed.</summary>
    private static async Task<bool> RunAsync(Rules rules, TableShape shape, ScdType scdType, Func<string, ITableStorage> storage)
    {
        try
        {
            Lake lake = new(rules, shape, scdType, storage);
            await lake.ReopenAsync();
            foreach (Event[] batch in Batches)
            {
                await lake.DeliverAsync(batch);
                await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold);
            }

            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }
}
