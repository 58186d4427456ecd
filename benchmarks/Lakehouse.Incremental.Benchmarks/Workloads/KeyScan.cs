using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Reads the key columns of all rows from the same Parquet files and adds them up.</summary>
internal sealed class KeyScan : TableWorkload
{
    public override string Id => "scan";

    public override string Title => "scan of the key columns";

    public override int Iterations => 10;

    public override IReadOnlyList<PeerEntry> Peers =>
    [
        new("scan", "ours: ReadAsync of two columns, without the cache", static s => new ScanPeer(s, LineItem.Instance.Keys)),
        new("scan-all", "ours: ReadAsync of all columns, without the cache", static s => new ScanPeer(s, null)),
        new("duckdb", "DuckDB: sums over read_parquet, 2 threads", static s => new DuckScanPeer(s, "sum(l_orderkey)::BIGINT + sum(l_linenumber)::BIGINT")),
        new("duckdb-1-thread", "DuckDB: the same with one thread", static s => new DuckScanPeer(s, "sum(l_orderkey)::BIGINT + sum(l_linenumber)::BIGINT") { Threads = 1 }),
    ];

    public override int Batch(long rows) => (int)rows;
}
