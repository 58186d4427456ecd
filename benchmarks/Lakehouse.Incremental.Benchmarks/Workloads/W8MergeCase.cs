using System.Globalization;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>One of the cases that Delta's own benchmark of MERGE has, on lineitem in a hundred files.</summary>
/// <param name="kind">What kind of case.</param>
/// <param name="sample">What the source holds.</param>
internal sealed class W8MergeCase(string kind, FileSample sample) : MergeWorkload
{
    private const string Even = "source.l_linenumber % 2 = 0";
    private const string Odd = "source.l_linenumber % 2 <> 0";

    /// <summary>All of them.</summary>
    public static IEnumerable<W8MergeCase> All =>
    [
        new("insert", new FileSample(0.05, 0, 0.05)),
        new("insert", new FileSample(0.05, 0, 0.5)),
        new("insert", new FileSample(0.05, 0, 1)),
        new("inserts", new FileSample(0.05, 0, 0.05)),
        new("inserts", new FileSample(0.05, 0, 0.5)),
        new("inserts", new FileSample(0.05, 0, 1)),
        new("delete", new FileSample(0.05, 0.05, 0, 'd')),
        new("upsert", new FileSample(0.05, 0, 0.1)),
        new("upsert", new FileSample(0.05, 0.01, 0.1)),
        new("upsert", new FileSample(0.05, 0.1, 0.1)),
        new("upsert", new FileSample(0.05, 0.5, 0.001)),
        new("upsert", new FileSample(0.05, 0.99, 0.001)),
        new("upsert", new FileSample(0.05, 1, 0.001)),
        new("upsert", new FileSample(0.05, 0.1, 0)),
        new("upsert", new FileSample(0.5, 0.01, 0.001)),
        new("upsert", new FileSample(1, 0.01, 0.001)),
        new("unchanged", new FileSample(0.05, 1, 0.05, 'b')),
    ];

    public override string Id => string.Create(
        CultureInfo.InvariantCulture, $"W8-{kind}-{sample.Files:0.##}-{sample.Matched:0.##}-{sample.NotMatched:0.###}");

    public override string Title => string.Create(
        CultureInfo.InvariantCulture, $"{kind}: {sample.Files:P0} of 100 files, {sample.Matched:P0} of their rows matched, {sample.NotMatched:P1} new");

    public override string DataName => "lineitem-100-files";

    protected override bool HasFlow => false;

    protected override bool HasBatches => true;

    protected override string DuckClauses => kind switch
    {
        "insert" => $"WHEN NOT MATCHED THEN {Sql.InsertAll}",
        "inserts" => $"WHEN NOT MATCHED AND {Even} THEN {Sql.InsertAll} WHEN NOT MATCHED AND {Odd} THEN {Sql.InsertAll}",
        "delete" => "WHEN MATCHED THEN DELETE",
        "unchanged" => $"WHEN MATCHED AND {Sql.Differs} THEN {Sql.UpdateAll} WHEN NOT MATCHED THEN {Sql.InsertAll}",
        _ => $"WHEN MATCHED THEN {Sql.UpdateAll} WHEN NOT MATCHED THEN {Sql.InsertAll}",
    };

    public override int Batch(long rows) => sample.RowsIn(rows);

    protected override long RowsOfAFile(long rows) => rows / FileSample.FilesOfATable;

    protected override RowId[] Changes(Scenario scenario, int batch) => sample.Draw(scenario.Rows, scenario.Seed + batch);

    protected override MergeStatement Clauses(MergeStatement merge) => kind switch
    {
        "insert" => merge.WhenNotMatched().InsertAll(),
        "inserts" => merge.WhenNotMatched(Even).InsertAll().WhenNotMatched(Odd).InsertAll(),
        "delete" => merge.WhenMatched().Delete(),
        _ => merge.WhenMatched().UpdateAll().WhenNotMatched().InsertAll(),
    };
}
