using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.TestHost;

/// <summary>One batch of a flow over many keys and files, on the rows of <see cref="RepeatableMerge"/>. What it writes follows from table and batch alone.</summary>
internal static class RepeatableFlow
{
    private const int Rows = 8_000;

    public static async Task CreateAsync(ITableStorage storage, ScdType scdType, bool vectors)
    {
        MergeFlow flow = Flow(scdType);
        DeltaTable table = await DeltaTable.CreateAsync(
            storage,
            flow.TargetSchema(RepeatableMerge.Schema),
            new() { DeletionVectors = vectors, ChangeDataFeed = true, PartitionColumns = ["part"] },
            RepeatableMerge.Options);
        await flow.ApplyAsync(RepeatableMerge.Batch(0, Rows), table);
    }

    public static async Task RunAsync(ITableStorage storage, ScdType scdType) =>
        await Flow(scdType).ApplyAsync(RepeatableMerge.Batch(Rows / 2, Rows), await DeltaTable.OpenAsync(storage, RepeatableMerge.Options));

    private static MergeFlow Flow(ScdType scdType) => MergeFlow.Named("repeatable").Keys("part", "n").SequenceBy("id")
        .NullSafeKeys().ApplyAsDeleteWhen(static change => change["id"].LessThan(600L)).StoredAs(scdType).Build();
}
