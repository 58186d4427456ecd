using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Many small batches of changes, one after the other: what a batch costs should follow its size, not the table's.</summary>
internal sealed class W9MicroBatches : ChangeStreamWorkload
{
    public override string Id => "W9";

    public override string Title => "micro-batches";

    public override int Batches => 100;

    public override IReadOnlyList<PeerEntry> Peers =>
    [
        .. base.Peers.Take(2),
        new("flow-cdf", "ours: merge flow, warm, with change data feed", s => Warm(s, "delta.enableChangeDataFeed")),
        new("flow-maintained", "ours: merge flow, warm, which also merges small files", s => Warm(s, "delta.autoOptimize.autoCompact")),
        .. base.Peers.Skip(2),
    ];

    protected override ChangeMix Mix => new() { Updates = 0.6, Inserts = 0.35, Deletes = 0.05 };

    public override int Batch(long rows) => (int)Math.Min(1000, Math.Max(rows / 10, 1));

    private FlowPeer Warm(Scenario scenario, string property) => new(scenario, Flow)
    {
        WarmUp = WarmUp(scenario),
        ScansAtEnd = true,
        Properties = new Dictionary<string, string?> { [property] = "true" },
    };
}
