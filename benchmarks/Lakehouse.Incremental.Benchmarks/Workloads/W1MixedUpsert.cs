using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>80 % updates, 20 % inserts, keys at random.</summary>
internal sealed class W1MixedUpsert : MergeWorkload
{
    public override string Id => "W1";

    public override string Title => "mixed upsert of 1 %";

    protected override ChangeMix Mix => new() { Updates = 0.8, Inserts = 0.2 };

    protected override string DuckClauses => $"WHEN MATCHED THEN {Sql.UpdateAll} WHEN NOT MATCHED THEN {Sql.InsertAll}";

    public override int Batch(long rows) => (int)(rows / 100);

    protected override MergeStatement Clauses(MergeStatement merge) => merge.WhenMatched().UpdateAll().WhenNotMatched().InsertAll();
}
