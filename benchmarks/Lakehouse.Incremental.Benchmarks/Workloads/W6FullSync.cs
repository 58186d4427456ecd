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

    protected override string DuckClauses => $"WHEN MATCHED THEN {Sql.UpdateAll} WHEN NOT MATCHED THEN {Sql.InsertAll}";

    // Its own NOT MATCHED BY SOURCE takes time quadratic in the rows.
    protected override IReadOnlyList<string> DuckStatements =>
    [
        "BEGIN",
        $"DELETE FROM target WHERE NOT EXISTS (FROM source WHERE {Sql.Matches})",
        .. base.DuckStatements,
        "COMMIT",
    ];

    protected override string DuckDoes => "DELETE … WHERE NOT EXISTS and MERGE INTO, in one transaction, on";

    protected override string DuckSelect =>
        $"SELECT {Sql.Source} FROM source LEFT JOIN target {Sql.Using}";

    protected override NaiveRule Rule => base.Rule with { DeletesUnmatched = true };

    public override int Batch(long rows) => (int)(rows / 2);

    protected override MergeStatement Clauses(MergeStatement merge) =>
        merge.WhenMatched().UpdateAll().WhenNotMatched().InsertAll().WhenNotMatchedBySource(MergeScope.WholeTable).Delete();
}
