using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.TestHost;

/// <summary>
/// Counts in a table by raw MERGE: each step adds one to every counter, and inserts a row of its own. A step that happened twice, or not, shows.
/// </summary>
internal static class CountingMerger
{
    public const int Counters = 10;

    public static readonly Schema Schema = new([new Field("id", Int64Type.Default, false), new Field("n", Int64Type.Default, false)], null);

    /// <summary>Rows that count one each.</summary>
    public static RecordBatch Ones(IReadOnlyList<long> ids) => new(
        Schema,
        [new Int64Array.Builder().AppendRange(ids).Build(), new Int64Array.Builder().AppendRange(ids.Select(static _ => 1L)).Build()],
        ids.Count);

    public static long OwnId(int worker, long step) => (1000 * (worker + 1)) + step;

    /// <summary>Begins behind the last step that the table knows of, and tells of each that stands.</summary>
    public static async Task RunAsync(ITableStorage storage, int worker, int steps, Func<string, Task> tell)
    {
        DeltaTable table = await DeltaTable.OpenAsync(storage, new() { MaxCommitAttempts = 1000 });
        string application = $"counter {worker}";
        for (long step = (table.CurrentSnapshot.TransactionVersion(application) ?? -1) + 1; step < steps; step++)
        {
            await table.Merge(Ones([.. Enumerable.Range(0, Counters).Select(static id => (long)id), OwnId(worker, step)])).On("id")
                .WhenMatched().Update(static set => set.Set("n", static m => m.Target["n"] + m.Source["n"]))
                .WhenNotMatched().InsertAll()
                .WithTransaction(application, step)
                .ExecuteAsync();
            await tell(FormattableString.Invariant($"{step}"));
        }
    }
}
