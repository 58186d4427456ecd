using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.TestHost;

/// <summary>
/// One of several processes that run the same flow: each step stages a batch of its own, then merges whatever is staged, and tells the step that stands.
/// The events follow from worker and step, so one that was killed may do its last step again.
/// </summary>
internal static class FlowWorker
{
    private const int Keys = 40;
    private const int EventsOfStep = 30;

    public static readonly Schema Events = new(
        [
            new Field("id", Int64Type.Default, true), new Field("seq", Int64Type.Default, true), new Field("value", StringType.Default, true),
            new Field("op", StringType.Default, true),
        ],
        null);

    public static MergeFlow Flow(ScdType scdType) => MergeFlow.Named("shared").Keys("id").SequenceBy("seq")
        .Operations("op", new OperationCodes { Upsert = ["u"], Delete = ["d"], Truncate = ["t"] }).ExceptColumns("op").StoredAs(scdType).Build();

    /// <summary>Keys and sequences are everybody's: late, tied, repeated and deleted ones are among them.</summary>
    public static RecordBatch Batch(int worker, int step)
    {
        Int64Array.Builder id = new(), seq = new();
        StringArray.Builder value = new(), op = new();
        for (int i = 0; i < EventsOfStep; i++)
        {
            long number = (((worker * 1009L) + (step * 31L) + i) * 7919) % 1_000_003;
            id.Append(number % Keys);
            seq.Append((step * 2) + (number % 5));
            value.Append(number % 11 == 0 ? null : $"{number % 3}");
            op.Append(step % 7 == 3 && i == 0 ? "t" : number % 6 == 0 ? "d" : "u");
        }

        return new RecordBatch(Events, [id.Build(), seq.Build(), value.Build(), op.Build()], EventsOfStep);
    }

    public static async Task RunAsync(ITableStorage stagingStorage, ITableStorage storage, ScdType scdType, int worker, int steps, Func<string, Task> tell)
    {
        DeltaTableOptions options = new() { MaxCommitAttempts = 1000 };
        StagingTable staging = await StagingTable.CreateOrOpenAsync(stagingStorage, Events, options);
        DeltaTable target = await DeltaTable.OpenAsync(storage, options);
        MergeFlow flow = Flow(scdType);
        for (int step = (int)(staging.LastOffset("worker", worker) ?? -1) + 1; step < steps; step++)
        {
            await staging.AppendAsync(Batch(worker, step), new SourcePosition("worker", worker, step));
            await flow.ApplyAsync(staging, target);
            await tell($"{step}");
        }
    }
}
