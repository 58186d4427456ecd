using CsCheck;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Tests.Aggregates;

/// <summary>The aggregate law: what is kept up to date equals what a recompute gives, bit for bit, however the history is cut.</summary>
public sealed class AggregateLawTests
{
    private static readonly Gen<SilverEvent> Event = Gen.Select(
        Gen.Int[0, 14],
        Gen.Int[0, 9],
        Pick.From("a", "b", "c", null, ""),
        Pick.From<double?>(0.0, -0.0, 1.5, double.NaN, null),
        Gen.OneOf(ExactSumTests.AnyDouble.Select(d => (double?)d), Gen.Int[0, 3].Select(i => (double?)i), Pick.From<double?>([null])),
        Gen.OneOf(Gen.UInt.Select(u => (float?)BitConverter.UInt32BitsToSingle(u)), Gen.Int[0, 3].Select(i => (float?)i), Pick.From<float?>([null])),
        Gen.OneOf(Gen.Long[-(1L << 52), 1L << 52].Select(l => (long?)l), Gen.Long[0, 3].Select(l => (long?)l), Pick.From<long?>([null])),
        Pick.From("x", "y", "z", "", "äö", null),
        (id, kind, group, zone, real, single, whole, text) => kind < 3
            ? new SilverEvent(id, true, null, null, null, null, null, null)
            : new SilverEvent(id, false, group, zone, real, single, whole, text));

    private static readonly Gen<List<(List<SilverEvent> Events, Step Then)>> History =
        Gen.Select(Event.List[1, 12], Gen.Int[0, 9].Select(i => (Step)Math.Min(i, (int)Step.Nothing))).List[1, 14];

    private enum Step
    {
        Apply,
        ApplyTwice,
        ApplyAfterReopening,
        ApplyConcurrently,
        CompactSilver,
        CompactGold,
        Nothing,
    }

    [Fact]
    public void Global_aggregates_follow() => Check([], changeDataFeed: true, partitionBy: null);

    [Fact]
    public void Groups_of_a_string_follow() => Check(["g"], changeDataFeed: true, partitionBy: null);

    [Fact]
    public void Groups_follow_where_input_and_aggregate_are_partitioned() => Check(["g"], changeDataFeed: true, partitionBy: "g");

    [Fact]
    public void Groups_of_a_string_and_a_float_follow() => Check(["g", "zone"], changeDataFeed: true, partitionBy: null);

    [Fact]
    public void Groups_follow_an_input_without_change_data() => Check(["zone"], changeDataFeed: false, partitionBy: null);

    private static void Check(string[] groupBy, bool changeDataFeed, string? partitionBy) => History.Sample(
        history => RunAsync(history, groupBy, changeDataFeed, partitionBy).GetAwaiter().GetResult(), iter: 40, print: Print);

    private static async Task<bool> RunAsync(
        List<(List<SilverEvent> Events, Step Then)> history, string[] groupBy, bool changeDataFeed, string? partitionBy)
    {
        SilverTable silver = await SilverTable.CreateAsync(changeDataFeed, partitionBy);
        AggregateFlow flow = GoldOracle.Flow(groupBy);
        InMemoryTableStorage storage = new();
        DeltaTable gold = await DeltaTable.CreateAsync(
            storage,
            flow.TargetSchema(SilverTable.Schema),
            new() { ChangeDataFeed = true, PartitionColumns = partitionBy is null ? [] : [partitionBy], DeletionVectors = partitionBy is null });
        foreach ((List<SilverEvent> events, Step then) in history)
        {
            await silver.ChangeAsync(events);
            (flow, gold) = await StepAsync(then, silver, flow, gold, storage, groupBy);
            if (then <= Step.ApplyConcurrently)
            {
                await AssertEqualAsync(silver, gold, groupBy);
            }
        }

        await flow.ApplyAsync(silver.Table, gold);
        await AssertEqualAsync(silver, gold, groupBy);
        await AssertChangesReplayAsync(gold, groupBy.Length);
        ReconcileReport report = await Reconciler.ReconcileAsync(flow, silver.Table, gold);
        report.IsClean.Should().BeTrue(report.ToString());
        return true;
    }

    private static async Task<(AggregateFlow Flow, DeltaTable Gold)> StepAsync(
        Step step, SilverTable silver, AggregateFlow flow, DeltaTable gold, InMemoryTableStorage storage, string[] groupBy)
    {
        switch (step)
        {
            case Step.Apply:
                await flow.ApplyAsync(silver.Table, gold);
                break;
            case Step.ApplyTwice:
                await flow.ApplyAsync(silver.Table, gold);
                AggregateResult again = await flow.ApplyAsync(silver.Table, gold);
                (again.AlreadyApplied, again.Version).Should().Be((true, null));
                break;
            case Step.ApplyAfterReopening:
                flow = GoldOracle.Flow(groupBy);
                gold = await DeltaTable.OpenAsync(storage);
                await flow.ApplyAsync(silver.Table, gold);
                break;
            case Step.ApplyConcurrently:
                DeltaTable other = await DeltaTable.OpenAsync(storage);
                DeltaTable otherSilver = await DeltaTable.OpenAsync(silver.Storage);
                AggregateFlow same = flow;
                DeltaTable mine = gold;
                AggregateResult[] results = await Task.WhenAll(
                    Task.Run(() => same.ApplyAsync(silver.Table, mine)), Task.Run(() => GoldOracle.Flow(groupBy).ApplyAsync(otherSilver, other)));
                results.Count(r => !r.AlreadyApplied).Should().BeLessThanOrEqualTo(1);
                break;
            case Step.CompactSilver:
                await Compaction.StepAsync(silver.Table, new CompactionPolicy { Factor = 2 }, default);
                break;
            case Step.CompactGold:
                await Compaction.StepAsync(gold, new CompactionPolicy { Factor = 2 }, default);
                break;
            default:
                break;
        }

        return (flow, gold);
    }

    private static async Task AssertEqualAsync(SilverTable silver, DeltaTable gold, string[] groupBy)
    {
        await gold.RefreshAsync();
        List<string> actual = await GoldOracle.ActualAsync(gold, groupBy.Length);
        actual.Should().Equal(GoldOracle.Expected(silver.Rows.Values, groupBy));
    }

    /// <summary>The change data of the aggregate table adds up to its rows, with one net change a group and no change that changes nothing.</summary>
    private static async Task AssertChangesReplayAsync(DeltaTable gold, int groupColumns)
    {
        Snapshot latest = await gold.RefreshAsync();
        List<string> replayed = await GoldChanges.ReplayAsync(gold, latest.Version, groupColumns);
        replayed.Should().Equal(await GoldOracle.ActualAsync(gold, groupColumns));
    }

    private static string Print(List<(List<SilverEvent> Events, Step Then)> history) => string.Join(
        Environment.NewLine, history.Select(h => $"([{string.Join(", ", h.Events)}], Step.{h.Then}),"));
}
