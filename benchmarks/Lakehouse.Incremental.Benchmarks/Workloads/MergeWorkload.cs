using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Batches merged into a table.</summary>
internal abstract class MergeWorkload : TableWorkload
{
    public override IReadOnlyList<PeerEntry> Peers =>
    [
        .. FlowPeers(),
        new("merge", "ours: raw MERGE on an open table, which has no index", s => new MergePeer(s, Data.Keys, Clauses)),
        new("naive", "full outer join of all rows and columns, all files rewritten, as delta-rs does it; our reader and writer", Naive) { MaxBatches = SlowBatches },
        new("duckdb", $"DuckDB: {DuckDoes} its own table in a database file, 2 threads", s => new DuckMergePeer(s, DuckStatements, Data.Columns)),
        new("duckdb-rewrite", "DuckDB: joins the Parquet files and writes a new one, 2 threads", s => new DuckRewritePeer(s, DuckSelect, Data.Columns)) { MaxBatches = SlowBatches },
    ];

    protected MergeSql Sql => new(Data);

    /// <summary>False where a flow cannot say it.</summary>
    protected virtual bool HasFlow => true;

    /// <summary>Batches of the peers that rewrite the table.</summary>
    protected virtual int SlowBatches => int.MaxValue;

    /// <summary>The clauses of DuckDB's MERGE.</summary>
    protected abstract string DuckClauses { get; }

    protected virtual IReadOnlyList<string> DuckStatements => [$"{Sql.Into}{DuckClauses}"];

    protected virtual string DuckDoes => "MERGE INTO";

    /// <summary>The rows of the new table.</summary>
    protected virtual string DuckSelect => Sql.Upserted;

    /// <summary>What the naive merge does with the joined rows.</summary>
    protected virtual NaiveRule Rule => new() { Update = static (target, source) => NaivePeer.WithoutOperation(source, target.Schema) };

    /// <summary>The clauses of our MERGE.</summary>
    protected abstract MergeStatement Clauses(MergeStatement merge);

    protected virtual IEnumerable<PeerEntry> FlowPeers() => !HasFlow ? [] :
    [
        new("flow", "ours: merge flow, warm: table and key index are in memory", s => new FlowPeer(s, Flow) { WarmUp = WarmUp(s) }),
        new("flow-cold", "ours with the index off: table and flow opened anew, and the keys read, for each batch", s => new FlowPeer(s, Flow) { Cold = true }) { MaxBatches = SlowBatches },
    ];

    private NaivePeer Naive(Scenario scenario) => new(scenario, Data.Keys, Rule);
}
