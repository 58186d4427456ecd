using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Updates only, keys at random.</summary>
internal sealed class W2Update : MergeWorkload
{
    public override string Id => "W2";

    public override string Title => "update of 5 %";

    protected override ChangeMix Mix => new() { Updates = 1 };

    protected override string DuckClauses => $"WHEN MATCHED THEN {Sql.UpdateAll}";

    public override int Batch(long rows) => (int)(rows / 20);

    protected override MergeStatement Clauses(MergeStatement merge) => merge.WhenMatched().UpdateAll();
}
