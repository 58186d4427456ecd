using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Batches of change data capture, one after the other, in which the newest change of a key counts.</summary>
internal abstract class ChangeStreamWorkload : MergeWorkload
{
    public override int Iterations => 1;

    protected override int SlowBatches => 3;

    protected override string DuckClauses =>
        $"WHEN MATCHED AND source.op = 'd' AND {Sql.IsNewer} THEN DELETE WHEN MATCHED AND {Sql.IsNewer} THEN {Sql.UpdateAll} "
        + $"WHEN NOT MATCHED AND source.op <> 'd' THEN {Sql.InsertAll}";

    protected override MergeStatement Clauses(MergeStatement merge) => merge
        .WhenMatched($"source.{Dataset.Operation} = 'd' AND {Sql.IsNewer}").Delete()
        .WhenMatched(Sql.IsNewer).UpdateAll()
        .WhenNotMatched($"source.{Dataset.Operation} <> 'd'").InsertAll();
}
