using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Many small batches of changes, one after the other: what a batch costs should follow its size, not the table's.</summary>
internal sealed class W9MicroBatches : MergeWorkload
{
    public override string Id => "W9";

    public override string Title => "micro-batches";

    public override int Batches => 100;

    public override int Iterations => 1;

    public override IReadOnlyList<PeerEntry> Peers =>
    [
        .. base.Peers.Take(2),
        new("flow-cdf", "ours: merge flow, warm, with change data feed", s => Warm(s, "delta.enableChangeDataFeed")),
        new("flow-maintained", "ours: merge flow, warm, which also merges small files", s => Warm(s, "delta.autoOptimize.autoCompact")),
        .. base.Peers.Skip(2),
    ];

    protected override ChangeMix Mix => new() { Updates = 0.6, Inserts = 0.35, Deletes = 0.05 };

    protected override int SlowBatches => 3;

    protected override string DuckClauses =>
        $"WHEN MATCHED AND source.op = 'd' AND {Sql.IsNewer} THEN DELETE WHEN MATCHED AND {Sql.IsNewer} THEN {Sql.UpdateAll} "
        + $"WHEN NOT MATCHED AND source.op <> 'd' THEN {Sql.InsertAll}";

    public override int Batch(long rows) => (int)Math.Min(1000, Math.Max(rows / 10, 1));

    protected override MergeStatement Clauses(MergeStatement merge) => merge
        .WhenMatched("source.op = 'd' AND source.l_seq > target.l_seq").Delete()
        .WhenMatched("source.l_seq > target.l_seq").UpdateAll()
        .WhenNotMatched("source.op <> 'd'").InsertAll();

    private FlowPeer Warm(Scenario scenario, string property) => new(scenario, Flow)
    {
        WarmUp = WarmUp(scenario),
        ScansAtEnd = true,
        Properties = new Dictionary<string, string?> { [property] = "true" },
    };
}
