using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Bulk append: all rows of a batch as large as the table are written as Parquet.</summary>
internal sealed class AppendRows : TableWorkload
{
    public override string Id => "append";

    public override string Title => "bulk append";

    public override IReadOnlyList<PeerEntry> Peers =>
    [
        new("append", "ours: AppendAsync of the rows in memory to an empty table", static s => new AppendPeer(s)),
        new("duckdb", "DuckDB: COPY of a table in memory TO a Parquet file, Snappy, 2 threads", static s => new DuckRewritePeer(s, "FROM source", ChangeNames)),
    ];

    protected override ChangeMix Mix => new() { Inserts = 1, InsertsAtEnd = true };

    private static IReadOnlyList<string> ChangeNames { get; } = [.. LineItem.Instance.Changes.FieldsList.Select(static f => f.Name)];

    public override int Batch(long rows) => (int)rows;
}
