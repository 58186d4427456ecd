using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.TestHost;

/// <summary>One of two processes that both merge all batches of a numbered row, each in an order of its own, and tells of each what became of it.</summary>
internal static class NumberedWorker
{
    public const int Batches = 20;

    // Coprime to the number of batches, so that each order has all of them.
    private static readonly int[] s_steps = [7, 13];

    public static MergeFlow Flow() => MergeFlow.Named("numbered").Keys("id").SequenceBy("seq")
        .Operations("op", new OperationCodes { Upsert = ["u"], Delete = ["d"], Truncate = ["t"] }).ExceptColumns("op").AllowGaps().Build();

    public static async Task RunAsync(ITableStorage storage, int worker, Func<string, Task> tell)
    {
        DeltaTable table = await DeltaTable.OpenAsync(storage, new() { MaxCommitAttempts = 1000 });
        MergeFlow flow = Flow();
        for (int i = 1; i <= Batches; i++)
        {
            int number = i * s_steps[worker] % Batches;
            MergeResult result = await flow.ApplyAsync(FlowWorker.Batch(0, number), table, number);
            await tell(result.AlreadyApplied ? "known" : "applied");
        }
    }
}
