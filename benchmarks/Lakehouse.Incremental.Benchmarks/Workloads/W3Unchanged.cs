using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Rows come again as they are, and nothing should be written. The flow finds that out by the sequence, the others compare the columns.</summary>
internal sealed class W3Unchanged : MergeWorkload
{
    public override string Id => "W3";

    public override string Title => "5 % again, unchanged";

    protected override ChangeMix Mix => new() { Unchanged = 1 };

    protected override string DuckClauses => $"WHEN MATCHED AND {Sql.Differs} THEN {Sql.UpdateAll}";

    public override int Batch(long rows) => (int)(rows / 20);

    protected override MergeStatement Clauses(MergeStatement merge) => merge.WhenMatched().UpdateAll();
}
