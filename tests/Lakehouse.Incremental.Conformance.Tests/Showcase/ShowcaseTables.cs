using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Conformance.Tests.ForeignReaders;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Transactions;
using static Lakehouse.Incremental.Conformance.Tests.Showcase.ShowcaseRows;

namespace Lakehouse.Incremental.Conformance.Tests.Showcase;

/// <summary>Tables of rows that come, go and are moved.</summary>
internal static class ShowcaseTables
{
    public static IReadOnlyList<ShowcaseTable> All =>
    [
        Plain("basic", new() { DeletionVectors = false }),
        Plain("partitioned", new() { DeletionVectors = false, PartitionColumns = ["name", "day"] }),
        new("all_types", async folder =>
        {
            DeltaTable table = await DeltaTable.CreateAsync(folder, AllTypes.Schema);
            await table.AppendAsync(AllTypes.Batch());
            return (table, [AllTypes.Batch()]);
        }),
        Deleted("deletion_vectors_inline", new(), 40),
        Deleted("deletion_vectors_file", new(), 40_000),
        Deleted("change_data_feed", new() { ChangeDataFeed = true }, 40),
        Deleted("copy_on_write", new() { DeletionVectors = false, ChangeDataFeed = true }, 40),
        new("optimized", async folder =>
        {
            (DeltaTable table, IReadOnlyList<RecordBatch> rows) = await DeleteAsync(folder, new() { PartitionColumns = ["day"] }, 40);
            await table.OptimizeAsync();
            return (table, rows);
        }),
        new("restored", async folder =>
        {
            DeltaTable table = await CreateAsync(folder, new(), 1, 20);
            await table.OverwriteAsync(Of(Range(100, 110)));
            await table.RestoreAsync(1);
            return (table, [Of(Range(1, 20))]);
        }),
        new("vacuumed", async folder =>
        {
            DeltaTable table = await CreateAsync(folder, new(), 1, 20);
            await table.OverwriteAsync(Of(Range(5, 25)));
            await table.VacuumAsync(new() { DryRun = false, Retention = TimeSpan.Zero, AllowShorterRetention = true });
            return (table, [Of(Range(5, 25))]);
        }),
        Many("checkpoint_classic", []),
        Many("checkpoint_stats_struct", [("delta.checkpoint.writeStatsAsStruct", "true"), ("delta.checkpoint.writeStatsAsJson", "false")]),
        Many("checkpoint_v2", [("delta.checkpointPolicy", "v2")]),
        Many("in_commit_timestamps", [("delta.enableInCommitTimestamps", "true")]),
        new("append_only", async folder => (
            await CreateAsync(folder, new() { Properties = Properties(("delta.appendOnly", "true")) }, 1, 20), [Of(Range(1, 20))])),
        new("not_null", async folder =>
        {
            Schema required = new([new Field("id", Int64Type.Default, nullable: false), .. ShowcaseRows.Columns.FieldsList.Skip(1)], null);
            DeltaTable table = await DeltaTable.CreateAsync(folder, required, new() { DeletionVectors = false });
            await table.AppendAsync(Of(Range(1, 20)));
            return (table, [Of(Range(1, 20))]);
        }),
        new("vacuum_protocol_check", async folder => (
            await CreateAsync(folder, new() { Properties = Properties(("delta.feature.vacuumProtocolCheck", "supported")) }, 1, 20), [Of(Range(1, 20))])),
        new("clustered", async folder =>
        {
            DeltaTable table = await DeltaTable.CreateAsync(folder, ShowcaseRows.Columns, new() { Properties = Properties(("delta.feature.clustering", "supported")) });
            CommitPlan plan = new()
            {
                Actions = [new DomainMetadata("delta.clustering", """{"clusteringColumns":[["day"]],"domainName":"delta.clustering"}""", false)],
                Info = new CommitInfo { Operation = "CLUSTER BY" },
            };
            await table.CommitAsync((_, _) => Task.FromResult<CommitPlan?>(plan), CancellationToken.None);
            await table.AppendAsync(Of(Range(1, 20)));
            return (table, [Of(Range(1, 20))]);
        }),
        new("row_tracking", async folder =>
        {
            DeltaTableCreateOptions options = new() { Properties = Properties(("delta.enableRowTracking", "true")) };
            (DeltaTable table, IReadOnlyList<RecordBatch> rows) = await DeleteAsync(folder, options, 40);
            await table.OptimizeAsync();
            return (table, rows);
        }),
        new("transactions", async folder =>
        {
            DeltaTable table = await DeltaTable.CreateAsync(folder, ShowcaseRows.Columns);
            for (int repeat = 0; repeat < 2; repeat++)
            {
                await table.AppendAsync(Of(Range(1, 20)), new() { TxnAppId = "loader", TxnVersion = 7 });
            }

            return (table, [Of(Range(1, 20))]);
        }),
    ];

    public static Dictionary<string, string> Properties(params (string Key, string Value)[] properties) =>
        properties.ToDictionary(static p => p.Key, static p => p.Value);

    public static async Task<DeltaTable> CreateAsync(string folder, DeltaTableCreateOptions options, int first, int last)
    {
        DeltaTable table = await DeltaTable.CreateAsync(folder, ShowcaseRows.Columns, options);
        await table.AppendAsync(Of(Range(first, last)));
        return table;
    }

    private static ShowcaseTable Plain(string name, DeltaTableCreateOptions options) => new(name, async folder =>
    {
        DeltaTable table = await CreateAsync(folder, options, 1, 20);
        await table.AppendAsync(Of(Range(21, 30)));
        return (table, [Of(Range(1, 30))]);
    });

    private static ShowcaseTable Deleted(string name, DeltaTableCreateOptions options, int rows) => new(name, folder => DeleteAsync(folder, options, rows));

    /// <summary>Scattered rows go, and one file as a whole.</summary>
    private static async Task<(DeltaTable Table, IReadOnlyList<RecordBatch> Rows)> DeleteAsync(string folder, DeltaTableCreateOptions options, int rows)
    {
        DeltaTable table = await CreateAsync(folder, options, 1, rows);
        await table.AppendAsync(Of(Range(rows + 1, rows + 5)));
        await table.DeleteAsync(Filter.Column("name").EqualTo("100%"));
        await table.DeleteAsync(Filter.Column("id").GreaterThan((long)rows));
        return (table, [Of(Range(1, rows).Where(static id => id % 7 != 3))]);
    }

    /// <summary>More commits than a checkpoint takes.</summary>
    private static ShowcaseTable Many(string name, (string Key, string Value)[] properties) => new(name, async folder =>
    {
        DeltaTable table = await DeltaTable.CreateAsync(folder, ShowcaseRows.Columns, new() { Properties = Properties(properties) });
        for (int commit = 0; commit < 12; commit++)
        {
            await table.AppendAsync(Of(Range((commit * 3) + 1, (commit * 3) + 3)));
        }

        await table.DeleteAsync(Filter.Column("id").EqualTo(2L));
        return (table, [Of(Range(1, 36).Where(static id => id != 2))]);
    });
}
