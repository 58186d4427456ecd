using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.TestHost;

/// <summary>
/// Appends, deletes and compacts one table, each step as a transaction of its own application, and tells of each that stands: "step version rows".
/// It begins after the last step that the table knows of.
/// </summary>
internal static class MixedWorker
{
    public static readonly Schema Schema = new([new Field("id", Int64Type.Default, false)], null);

    private static readonly CompactionPolicy Eager = new() { Factor = 4, SmallestTierRows = 64, MaxDeadFraction = 0.3 };

    public static RecordBatch Rows(IReadOnlyList<long> ids) => new(Schema, [new Int64Array.Builder().AppendRange(ids).Build()], ids.Count);

    public static string Application(int worker) => $"worker {worker}";

    public static async Task RunAsync(ITableStorage storage, int worker, long steps, Func<string, Task> tell)
    {
        DeltaTable table = await DeltaTable.OpenAsync(storage, new() { MaxCommitAttempts = 1000 });
        long first = (table.CurrentSnapshot.TransactionVersion(Application(worker)) ?? -1) + 1;
        for (long step = first; step < steps; step++)
        {
            MixedOperation operation = new(worker, step);
            (long? version, long rows) = await RunAsync(table, operation);
            await tell(FormattableString.Invariant($"{step} {version ?? -1} {rows}"));
        }
    }

    private static async Task<(long? Version, long Rows)> RunAsync(DeltaTable table, MixedOperation operation)
    {
        string application = Application(operation.Worker);
        switch (operation.Kind)
        {
            case MixedKind.Append:
                AppendResult appended = await table.AppendAsync(Rows(operation.Ids), new() { TxnAppId = application, TxnVersion = operation.Step });
                return (appended.Version, appended.Rows);
            case MixedKind.Compact:
                return (await Compaction.StepAsync(table, Eager, CancellationToken.None), 0);
            default:
                DeleteResult deleted = await table.DeleteAsync(operation.Filter, new() { TxnAppId = application, TxnVersion = operation.Step });
                return (deleted.Version, deleted.RowsDeleted);
        }
    }
}
