using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Inserts only, with keys after all others.</summary>
internal sealed class W4Insert : MergeWorkload
{
    public override string Id => "W4";

    public override string Title => "insert of 5 % new rows";

    protected override ChangeMix Mix => new() { Inserts = 1, InsertsAtEnd = true };

    protected override string DuckClauses => $"WHEN NOT MATCHED THEN {Sql.InsertAll}";

    public override int Batch(long rows) => (int)(rows / 20);

    protected override MergeStatement Clauses(MergeStatement merge) => merge.WhenNotMatched().InsertAll();
}
