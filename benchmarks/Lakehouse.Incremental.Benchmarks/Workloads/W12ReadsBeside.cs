using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>The micro-batches of W9, alone and while a reader reads the table all the time: what either costs the other.</summary>
internal sealed class W12ReadsBeside : ChangeStreamWorkload
{
    public override string Id => "W12";

    public override string Title => "micro-batches while others read";

    public override int Batches => 100;

    public override IReadOnlyList<PeerEntry> Peers =>
    [
        base.Peers[0],
        new("flow-queried", "ours: merge flow, warm, while a reader reads three columns of the newest version again and again", s => Queried(s, "false")),
        new("flow-queried-maintained", "the same with small files merged", s => Queried(s, "true")),
    ];

    protected override ChangeMix Mix => new() { Updates = 0.6, Inserts = 0.35, Deletes = 0.05 };

    public override int Batch(long rows) => (int)Math.Min(1000, Math.Max(rows / 10, 1));

    private QueriedPeer Queried(Scenario scenario, string compacts) => new(
        new FlowPeer(scenario, Flow)
        {
            WarmUp = WarmUp(scenario),
            Properties = new Dictionary<string, string?> { ["delta.autoOptimize.autoCompact"] = compacts },
        },
        [.. Data.Keys, Data.Sequence]);
}
