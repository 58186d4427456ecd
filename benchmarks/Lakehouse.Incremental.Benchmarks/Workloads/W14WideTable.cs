using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>As W1, on a table of many columns.</summary>
/// <param name="columns">How many.</param>
internal sealed class W14WideTable(int columns) : MergeWorkload
{
    public override string Id => FormattableString.Invariant($"W14-{columns}");

    public override string Title => FormattableString.Invariant($"mixed upsert of 1 % into {columns} columns");

    protected override Dataset Data { get; } = new WideTable(columns);

    protected override ChangeMix Mix => new() { Updates = 0.8, Inserts = 0.2 };

    protected override string DuckClauses => $"WHEN MATCHED THEN {Sql.UpdateAll} WHEN NOT MATCHED THEN {Sql.InsertAll}";

    public override int Batch(long rows) => (int)(rows / 100);

    protected override MergeStatement Clauses(MergeStatement merge) => merge.WhenMatched().UpdateAll().WhenNotMatched().InsertAll();
}
