using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Tests.Readme;

/// <summary>The README's example of a table on its own, which a test compares with the README's text.</summary>
internal static class ReadmeTableExample
{
    public static async Task<string> RunAsync(string lake, Schema schema, RecordBatch rows, CancellationToken ct)
    {
        List<string> printed = [];
        void Print(object? line) => printed.Add(line?.ToString() ?? "null");

        // <readme>
        DeltaTable table = await DeltaTable.CreateAsync($"{lake}/orders", schema, new()
        {
            PartitionColumns = ["country"],
            Properties = new Dictionary<string, string> { ["delta.columnMapping.mode"] = "name", ["delta.enableRowTracking"] = "true" },
        }, cancellationToken: ct);
        await table.AddConstraintAsync("positive", "total >= 0 AND country IS NOT NULL", ct);   // checked by every write from now on
        await table.AppendAsync(rows, new() { TxnAppId = "loader", TxnVersion = 1 }, ct);        // once, however often it is repeated

        await table.RenameColumnAsync("customer", "buyer", ct);                                  // the files stay as they are
        await table.AddColumnsAsync([new Field("note", StringType.Default, nullable: true)], cancellationToken: ct);
        long before = table.CurrentSnapshot.Version;
        Print((await table.DeleteAsync(Filter.Column("country").EqualTo("AT"), cancellationToken: ct)).RowsDeleted);   // 2
        await table.OptimizeAsync(cancellationToken: ct);                                        // rows and their ids stay
        await table.RestoreAsync(before, ct);
        Print(table.CurrentSnapshot.RowCount);                                                   // 3
        Print((await table.VacuumAsync(cancellationToken: ct)).Files.Count);                     // 0: a dry run, and nothing is a week old
        // </readme>
        return string.Join('\n', printed);
    }
}
