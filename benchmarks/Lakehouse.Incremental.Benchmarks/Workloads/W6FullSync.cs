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

    protected override string DuckClauses => $"WHEN MATCHED THEN {MergeSql.UpdateAll} WHEN NOT MATCHED THEN {MergeSql.InsertAll}";

    // Its own NOT MATCHED BY SOURCE takes time quadratic in the rows.
    protected override IReadOnlyList<string> DuckStatements =>
    [
        "BEGIN",
        "DELETE FROM target WHERE NOT EXISTS (FROM source WHERE target.l_orderkey = source.l_orderkey AND target.l_linenumber = source.l_linenumber)",
        .. base.DuckStatements,
        "COMMIT",
    ];

    protected override string DuckDoes => "DELETE … WHERE NOT EXISTS and MERGE INTO, in one transaction, on";

    protected override string DuckSelect =>
        $"SELECT {MergeSql.Source} FROM source LEFT JOIN target USING ({string.Join(", ", LineItem.Keys)})";

    protected override NaiveRule Rule => base.Rule with { DeletesUnmatched = true };

    public override int Batch(long rows) => (int)(rows / 2);

    protected override MergeStatement Clauses(MergeStatement merge) =>
        merge.WhenMatched().UpdateAll().WhenNotMatched().InsertAll().WhenNotMatchedBySource(MergeScope.WholeTable).Delete();
}
