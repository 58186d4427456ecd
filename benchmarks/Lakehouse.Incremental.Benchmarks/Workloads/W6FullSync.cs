using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>A snapshot of half of the rows, all of them changed; the other half goes.</summary>
internal sealed class W6FullSync : MergeWorkload
{
    public override string Id => "W6";

    public override string Title => "full sync with a snapshot of 50 %";

    protected override ChangeMix Mix => new() { Updates = 1 };

    protected override bool HasFlow => false;

    // Never used: DuckDB's NOT MATCHED BY SOURCE, and its updates of half of a table, take minutes for a million rows.
    protected override string DuckClauses => "";

    protected override IReadOnlyList<string> DuckStatements => ["BEGIN", "DELETE FROM target", $"INSERT INTO target SELECT {Sql.Source} FROM source", "COMMIT"];

    protected override string DuckDoes => "DELETE of all rows and INSERT of the snapshot (its MERGE takes minutes), in one transaction, into";

    protected override string DuckSelect =>
        $"SELECT {Sql.Source} FROM source LEFT JOIN target {Sql.Using}";

    protected override NaiveRule Rule => base.Rule with { DeletesUnmatched = true };

    public override int Batch(long rows) => (int)(rows / 2);

    protected override MergeStatement Clauses(MergeStatement merge) =>
        merge.WhenMatched().UpdateAll().WhenNotMatched().InsertAll().WhenNotMatchedBySource(MergeScope.WholeTable).Delete();
}
