using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>A merge of one generated source into one generated target, as this library and as DuckDB run it.</summary>
internal sealed record MergeCase
{
    public static readonly Schema Columns = new(
        [
            new Field("id", Int64Type.Default, true),
            new Field("k", StringType.Default, true),
            new Field("x", DoubleType.Default, true),
            new Field("n", Int64Type.Default, true),
            new Field("d", new Decimal128Type(10, 2), true),
            new Field("t", new TimestampType(TimeUnit.Microsecond, (string?)null), true),
            new Field("p", new StructType([new Field("a", Int64Type.Default, true), new Field("b", StringType.Default, true)]), true),
        ],
        null);

    /// <summary>The rows of DuckDB as <see cref="MergeRow.Texts"/> has them.</summary>
    public const string Result =
        "SELECT id, k, CASE WHEN x = 0 THEN 0.0 ELSE x END, n, d, epoch_us(t), CASE WHEN p IS NULL THEN NULL "
        + "ELSE '{a: ' || coalesce(p.a::VARCHAR, 'null') || ', b: ' || coalesce(p.b, 'null') || '}' END FROM target";

    private const string Ddl =
        "(id BIGINT, k VARCHAR, x DOUBLE, n BIGINT, d DECIMAL(10,2), t TIMESTAMP, p STRUCT(a BIGINT, b VARCHAR))";

    public required int Seed { get; init; }

    /// <summary>Each list becomes a file.</summary>
    public required IReadOnlyList<IReadOnlyList<MergeRow>> Target { get; init; }

    public required IReadOnlyList<MergeRow> Source { get; init; }

    /// <summary>SQL that both understand, but for <c>&lt;=&gt;</c>.</summary>
    public required string On { get; init; }

    public required IReadOnlyList<MergeCaseClause> Clauses { get; init; }

    public required bool DeletionVectors { get; init; }

    public required bool ChangeData { get; init; }

    public required bool Partitioned { get; init; }

    /// <summary>The tables and the statement for DuckDB, which is also what a failure prints.</summary>
    public string Script => string.Join(";\n", [.. Tables, Merge]) + ";";

    public IEnumerable<string> Tables =>
    [
        $"CREATE OR REPLACE TABLE target{Ddl}",
        .. Insert("target", [.. Target.SelectMany(static file => file)]),
        $"CREATE OR REPLACE TABLE source{Ddl}",
        .. Insert("source", Source),
    ];

    public string DuckOn => On.Replace("<=>", "IS NOT DISTINCT FROM", StringComparison.Ordinal);

    public string Merge => $"MERGE INTO target USING source ON ({DuckOn})\n  {string.Join("\n  ", Clauses.Select(static clause => clause.Duck))}";

    /// <summary>How many target rows several source rows would change.</summary>
    public string Ambiguous
    {
        get
        {
            IEnumerable<string> conditions =
                Clauses.Where(static c => c.Family == "MATCHED").Select(static c => $"coalesce({c.Condition ?? "true"}, false)");
            string taken = string.Join(" OR ", conditions.DefaultIfEmpty("false"));
            return $"SELECT count(*) FROM (SELECT target.rowid FROM target JOIN source ON ({DuckOn}) WHERE {taken} "
                + "GROUP BY target.rowid HAVING count(*) > 1)";
        }
    }

    /// <summary>True when several source rows may change one target row all the same.</summary>
    public bool MayRepeat => Clauses.Where(static c => c.Family == "MATCHED").ToArray() is [{ Condition: null, Assignments: null }];

    public async Task<DeltaTable> CreateAsync(ITableStorage? storage = null)
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            storage ?? new InMemoryTableStorage(),
            Columns,
            new() { DeletionVectors = DeletionVectors, ChangeDataFeed = ChangeData, PartitionColumns = Partitioned ? ["k"] : [] },
            new() { IdSource = IdSource.Sequential(Seed) });
        foreach (IReadOnlyList<MergeRow> file in Target.Where(static file => file.Count > 0))
        {
            await table.AppendAsync(MergeRow.Batch(Columns, file));
        }

        return table;
    }

    public Task<RawMergeResult> RunAsync(DeltaTable table)
    {
        MergeStatement merge = table.Merge(MergeRow.Batch(Columns, Source)).OnCondition(On);
        return Clauses.Aggregate(merge, static (statement, clause) => clause.AddTo(statement)).ExecuteAsync();
    }

    private static IEnumerable<string> Insert(string table, IReadOnlyList<MergeRow> rows) =>
        rows.Count == 0 ? [] : [$"INSERT INTO {table} VALUES {string.Join(", ", rows.Select(static row => row.Sql))}"];
}
