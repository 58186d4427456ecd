using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>A batch of change data capture: half updates, a third inserts, a sixth deletes.</summary>
internal sealed class W5ChangeCapture : MergeWorkload
{
    public override string Id => "W5";

    public override string Title => "change data capture of 6 %";

    protected override ChangeMix Mix => new() { Updates = 0.5, Inserts = 0.33, Deletes = 0.17 };

    protected override string DuckClauses =>
        $"WHEN MATCHED AND source.op = 'd' THEN DELETE WHEN MATCHED THEN {Sql.UpdateAll} WHEN NOT MATCHED AND source.op <> 'd' THEN {Sql.InsertAll}";

    public override int Batch(long rows) => (int)(rows * 6 / 100);

    protected override MergeStatement Clauses(MergeStatement merge) =>
        merge.WhenMatched("source.op = 'd'").Delete().WhenMatched().UpdateAll().WhenNotMatched("source.op <> 'd'").InsertAll();
}
