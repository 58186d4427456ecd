using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>
/// A customer dimension with history (SCD type 2). Each customer has a past and a present row; of a batch 55 % bring new attributes, 5 % delete, 20 % bring
/// what is there, 20 % are new customers. The rows of the command line are the customers.
/// </summary>
internal sealed class W11History : Workload
{
    private const int CustomersOfACommit = 500_000;

    private static readonly string[] Compared = [Customer.Key, .. Customer.Attributes, "__start_at", "__end_at", "__is_current"];

    private static readonly string New = $"{Customer.Key}, {string.Join(", ", Customer.Attributes)}, {Customer.Sequence}, {Customer.Sequence}, NULL, true";

    private static readonly string Closes =
        $"(source.op = 'd' OR {string.Join(" OR ", Customer.Attributes.Select(static a => $"target.{a} IS DISTINCT FROM source.{a}"))})";

    private static readonly string[] Statements =
    [
        "BEGIN",
        $"UPDATE target SET __end_at = source.c_seq, __is_current = false FROM source WHERE target.c_id = source.c_id AND target.__is_current AND {Closes}",
        $"INSERT INTO target SELECT {New} FROM source WHERE op <> 'd' AND NOT EXISTS (FROM target WHERE target.c_id = source.c_id AND target.__is_current)",
        "COMMIT",
    ];

    private static readonly string Select =
        $"""
        SELECT target.* REPLACE (
            CASE WHEN source.c_id IS NOT NULL AND {Closes} THEN source.c_seq ELSE target.__end_at END AS __end_at,
            target.__is_current AND NOT (source.c_id IS NOT NULL AND {Closes}) AS __is_current)
        FROM target LEFT JOIN source ON source.c_id = CASE WHEN target.__is_current THEN target.c_id END
        UNION ALL SELECT source.c_id, {string.Join(", ", Customer.Attributes.Select(static a => $"source.{a}"))}, source.c_seq, source.c_seq, NULL, true
        FROM source LEFT JOIN (FROM target WHERE __is_current) AS target ON target.c_id = source.c_id
        WHERE op <> 'd' AND (target.c_id IS NULL OR {Closes})
        """;

    public override string Id => "W11";

    public override string Title => "history of customers (SCD type 2)";

    public override string DataName => "customers";

    public override IReadOnlyList<PeerEntry> Peers =>
    [
        new("flow", "ours: merge flow of type 2, warm: table, key index and state are in memory", static s => new FlowPeer(s, Flow) { WarmUp = WarmUp(s), Compared = Compared }),
        new("flow-cold", "ours with the index off: table and flow opened anew, keys and state read", static s => new FlowPeer(s, Flow) { Cold = true, Compared = Compared }),
        new("duckdb", "DuckDB: UPDATE that closes and INSERT that opens, in one transaction, on its own table in a database file, 2 threads", static s => new DuckMergePeer(s, Statements, Compared)),
        new("duckdb-rewrite", "DuckDB: joins the Parquet files and writes a new one, 2 threads", static s => new DuckRewritePeer(s, Select, Compared)),
    ];

    public override int Batch(long rows) => (int)(rows / 100);

    public override async Task PrepareAsync(Scenario scenario)
    {
        await Once.RunAsync(scenario.Base, folder => BaseAsync(scenario, folder)).ConfigureAwait(false);
        await Once.RunAsync(scenario.Database, file => DuckTables.CreateAsync(file, scenario.Base)).ConfigureAwait(false);
        for (int batch = 0; batch < scenario.Batches; batch++)
        {
            RecordBatch events = Batch(scenario, batch);
            await Once.RunAsync(scenario.Source(batch), async folder =>
            {
                DeltaTable table = await DeltaTable.CreateAsync(folder, Customer.Changes).ConfigureAwait(false);
                await table.AppendAsync(events).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
    }

    private static MergeFlow Flow() => MergeFlow.Named("customers")
        .Keys(Customer.Key)
        .SequenceBy(Customer.Sequence)
        .ApplyAsDeleteWhen(change => change[Dataset.Operation].EqualTo("d"))
        .ExceptColumns(Dataset.Operation)
        .StoredAs(ScdType.Type2)
        .Build();

    private static async Task BaseAsync(Scenario scenario, string folder)
    {
        // Past and present of a customer come in one commit, so that no file has deleted rows.
        MergeFlow flow = Flow();
        DeltaTable table = await DeltaTable.CreateAsync(folder, flow.TargetSchema(Customer.Changes)).ConfigureAwait(false);
        for (long first = 0; first < scenario.Rows; first += CustomersOfACommit)
        {
            int customers = (int)Math.Min(CustomersOfACommit, scenario.Rows - first);
            RowId[] rows = new RowId[2 * customers];
            for (int i = 0; i < rows.Length; i++)
            {
                rows[i] = new RowId(first + (i / 2) + 1, 0, (i % 2) + 1);
            }

            await flow.ApplyAsync(Customer.Events(rows, static row => row.Version, scenario.Seed), table).ConfigureAwait(false);
        }
    }

    private static RecordBatch Batch(Scenario scenario, int batch)
    {
        ChangeMix mix = new() { Updates = 0.55, Deletes = 0.05, Unchanged = 0.2, Inserts = 0.2, InsertsAtEnd = true };
        RowId[] rows = new ChangeSource(scenario.Rows, mix, scenario.Seed).Batch(batch, scenario.Batch);
        for (int i = 0; i < rows.Length; i++)
        {
            // What names a line of an order names a customer by its place.
            long place = Places.Of(rows[i]);
            bool isUnchanged = rows[i].Version == 0;
            rows[i] = new RowId(place + 1, 0, isUnchanged ? 2 : batch + 3, rows[i].Operation);
        }

        return Customer.Events(rows, _ => batch + 3, scenario.Seed);
    }

    private static RecordBatch WarmUp(Scenario scenario) => Customer.Events(new[] { new RowId(1, 0, 1) }, static row => row.Version, scenario.Seed);
}
