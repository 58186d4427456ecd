using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Updates by expressions over both sides; most columns keep their values.</summary>
internal sealed class W7Expressions : MergeWorkload
{
    private const string Quantity = "CASE WHEN source.l_quantity > 25 THEN source.l_quantity ELSE target.l_quantity END";
    private const string Flag = "CASE WHEN target.l_linestatus = 'F' THEN 'R' ELSE source.l_returnflag END";
    private const string Partkey = "target.l_partkey + source.l_partkey";

    public override string Id => "W7";

    public override string Title => "update of 5 % by expressions";

    protected override ChangeMix Mix => new() { Updates = 1 };

    protected override bool HasFlow => false;

    protected override string DuckClauses =>
        $"WHEN MATCHED THEN UPDATE SET l_partkey = {Partkey}, l_quantity = {Quantity}, l_returnflag = {Flag}, l_seq = source.l_seq";

    protected override string DuckSelect =>
        $"""
        SELECT target.* REPLACE (
            CASE WHEN source.l_seq IS NULL THEN target.l_partkey ELSE {Partkey} END AS l_partkey,
            CASE WHEN source.l_seq IS NULL THEN target.l_quantity ELSE {Quantity} END AS l_quantity,
            CASE WHEN source.l_seq IS NULL THEN target.l_returnflag ELSE {Flag} END AS l_returnflag,
            coalesce(source.l_seq, target.l_seq) AS l_seq)
        FROM target LEFT JOIN source ON {Sql.Matches}
        """;

    protected override NaiveRule Rule => new() { Update = Update };

    public override int Batch(long rows) => (int)(rows / 20);

    protected override MergeStatement Clauses(MergeStatement merge) => merge.WhenMatched().Update(set => set
        .Set("l_partkey", Partkey).Set("l_quantity", Quantity).Set("l_returnflag", Flag).Set("l_seq", "source.l_seq"));

    private static RecordBatch Update(RecordBatch target, RecordBatch source)
    {
        Decimal128Array left = (Decimal128Array)target.Column("l_quantity");
        Decimal128Array right = (Decimal128Array)source.Column("l_quantity");
        Int64Array leftPart = (Int64Array)target.Column("l_partkey");
        Int64Array rightPart = (Int64Array)source.Column("l_partkey");
        StringArray status = (StringArray)target.Column("l_linestatus");
        StringArray flags = (StringArray)source.Column("l_returnflag");
        Dictionary<string, IArrowArray> set = new(StringComparer.Ordinal)
        {
            ["l_partkey"] = Cell.Int64(target.Length, i => leftPart.GetValue(i)!.Value + rightPart.GetValue(i)!.Value),
            ["l_quantity"] = Cell.Decimal(target.Length, (Apache.Arrow.Types.Decimal128Type)left.Data.DataType, i =>
                (long)((right.GetValue(i) > 25 ? right : left).GetValue(i)!.Value * 100)),
            ["l_returnflag"] = Cell.Text(target.Length, i => status.GetString(i) == "F" ? "R"u8.ToArray() : flags.GetBytes(i).ToArray()),
            ["l_seq"] = source.Column("l_seq"),
        };
        return new RecordBatch(target.Schema, target.Schema.FieldsList.Select(f => set.GetValueOrDefault(f.Name) ?? target.Column(f.Name)), target.Length);
    }
}
