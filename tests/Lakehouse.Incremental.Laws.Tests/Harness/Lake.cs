using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>A staging table, a Silver table of one SCD type and a Gold table, on storage that can fail; the side that drives the product.</summary>
internal sealed class Lake(Rules rules, TableShape shape, ScdType scdType, Func<string, ITableStorage>? storage = null)
{
    private readonly Dictionary<string, ITableStorage> _memory = [];
    private long _offset;

    public StagingTable Staging { get; private set; } = null!;

    public DeltaTable Silver { get; private set; } = null!;

    public DeltaTable Gold { get; private set; } = null!;

    public MergeFlow Flow { get; private set; } = null!;

    public AggregateFlow Aggregate { get; private set; } = null!;

    public static async Task<Lake> OpenAsync(Rules rules, TableShape shape, ScdType scdType)
    {
        Lake lake = new(rules, shape, scdType);
        await lake.ReopenAsync();
        return lake;
    }

    /// <summary>Fresh instances over the same storage, as another process would have them.</summary>
    public async Task ReopenAsync()
    {
        DeltaTableOptions options = new() { DataCacheBytes = shape.Cache ? 1 << 24 : 0 };
        MergeFlowBuilder builder = MergeFlow.Named("law")
            .Keys(rules.TwoKeys ? ["k1", "k2"] : ["k1"])
            .SequenceBy(rules.TwoSequences ? ["s1", "s2"] : ["s1"])
            .ApplyAsDeleteWhen(change => change["op"].EqualTo("d"))
            .ExceptColumns("op")
            .StoredAs(scdType);
        Flow = (scdType == ScdType.Type2 && rules.TrackNameOnly ? builder.TrackHistoryOn("name") : builder).Build();
        Aggregate = AggregateFlow.Named("gold").GroupBy("k1").Count("rows").Sum("amount").Sum("price").Min("price").Max("price").Max("name").Build();
        DeltaTableCreateOptions create = new()
        {
            ChangeDataFeed = shape.ChangeDataFeed,
            DeletionVectors = shape.DeletionVectors,
            Properties = new Dictionary<string, string>
            {
                ["delta.autoOptimize.autoCompact"] = shape.AutoCompact ? "true" : "false",
                ["delta.checkpointInterval"] = "3",
            },
        };
        Staging = await StagingTable.CreateOrOpenAsync(Storage("staging"), Events.Schema, options);
        Silver = await DeltaTable.CreateOrOpenAsync(Storage("silver"), Flow.TargetSchema(Events.Schema), create, options);
        Gold = await DeltaTable.CreateOrOpenAsync(Storage("gold"), Aggregate.TargetSchema(Silver.CurrentSnapshot.Schema), create, options);
    }

    /// <summary>Delivers one batch, staged or directly.</summary>
    public async Task<MergeResult> DeliverAsync(Event[] batch)
    {
        if (shape.Reopen)
        {
            await ReopenAsync();
        }

        if (!shape.Staged)
        {
            return await Flow.ApplyAsync(Events.ToBatch(batch), Silver);
        }

        await Staging.AppendAsync(Events.ToBatch(batch), new SourcePosition("law", 0, _offset++));
        return await Flow.ApplyAsync(Staging, Silver);
    }

    private ITableStorage Storage(string table)
    {
        if (storage is not null)
        {
            return storage(table);
        }

        if (!_memory.TryGetValue(table, out ITableStorage? memory))
        {
            _memory.Add(table, memory = new InMemoryTableStorage());
        }

        return memory;
    }
}
