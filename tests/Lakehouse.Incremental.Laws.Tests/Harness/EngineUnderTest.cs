using Apache.Arrow;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.SourceSnapshots;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>The product's side of a law: a staging table where it is wanted, a Silver table of one SCD type, and a Gold table that counts it.</summary>
internal sealed partial class EngineUnderTest
{
    private readonly Layout _layout;
    private readonly TableShape _shape;
    private readonly ScdType _scdType;
    private readonly Wire _wire;
    private readonly GoldLayout _gold;
    private readonly Func<string, ITableStorage> _storage;
    private readonly EventBatches _batches;
    private long _offset;

    /// <param name="history">Columns, rules, and how events are written down.</param>
    /// <param name="shape">How the tables are kept.</param>
    /// <param name="scdType">What Silver is.</param>
    /// <param name="storage">Where the tables lie, by name; null for memory of their own.</param>
    /// <param name="gold">What Gold counts; null for everything by the first key column.</param>
    public EngineUnderTest(History history, TableShape shape, ScdType scdType, Func<string, ITableStorage>? storage = null, GoldLayout? gold = null)
    {
        (_layout, _wire, _shape, _scdType, _gold) = (history.Layout, history.Wire, shape, scdType, gold ?? GoldLayout.Everything(history.Layout, 0));
        _storage = storage ?? Memory();
        _batches = new EventBatches(_layout, _wire, shape.ColumnsReversed, shape.Sliced);
        Model = new ReferenceModel(_layout, e => EventBatches.Digest(_layout, e));
        Flow = FlowRules.Flow(_layout, _wire, scdType).Build();
    }

    public ReferenceModel Model { get; }

    public StagingTable Staging { get; private set; } = null!;

    public DeltaTable Silver { get; private set; } = null!;

    public DeltaTable Gold { get; private set; } = null!;

    public QuarantineTable Quarantine { get; private set; } = null!;

    public MergeFlow Flow { get; private set; }

    public AggregateFlow Aggregate { get; private set; } = null!;

    public static async Task<EngineUnderTest> OpenAsync(History history, TableShape shape, ScdType scdType, GoldLayout? gold = null)
    {
        EngineUnderTest engine = new(history, shape, scdType, null, gold);
        await engine.ReopenAsync();
        return engine;
    }

    /// <summary>Opens an engine and delivers everything.</summary>
    public static async Task<EngineUnderTest> RunAsync(Delivery delivery, ScdType scdType)
    {
        EngineUnderTest engine = await OpenAsync(delivery.History, delivery.Shape, scdType);
        for (int i = 0; i < delivery.Batches.Length; i++)
        {
            await engine.DeliverAsync(delivery.Batches[i]);
            await engine.KeepUpAsync(delivery.UpkeepAfter(i));
        }

        return engine;
    }

    /// <summary>Delivers one batch, staged or directly.</summary>
    public async Task<MergeResult> DeliverAsync(Event[] batch)
    {
        if (_shape.Reopen)
        {
            await ReopenAsync();
        }

        RecordBatch events = _batches.Of(batch);
        if (!_shape.Staged)
        {
            return await Flow.ApplyAsync(events, Silver);
        }

        await Staging.AppendAsync(events, new SourcePosition("law", 0, _offset));
        _offset++;
        return await Flow.ApplyAsync(Staging, Silver);
    }

    /// <summary>Delivers one batch directly, under a number.</summary>
    public async Task<MergeResult> DeliverAsync(Event[] batch, long number)
    {
        if (_shape.Reopen)
        {
            await ReopenAsync();
        }

        return await Flow.ApplyAsync(_batches.Of(batch), Silver, number);
    }

    /// <summary>Delivers a complete snapshot in two batches; without options it may be empty and delete all.</summary>
    public async Task<MergeResult> SnapshotAsync(Event[] rows, long version, SnapshotOptions? options = null)
    {
        if (_shape.Reopen)
        {
            await ReopenAsync();
        }

        Event[][] parts = [rows[..(rows.Length / 2)], rows[(rows.Length / 2)..]];
        return await Flow.ApplySnapshotAsync(
            [.. parts.Where(part => part.Length > 0).Select(_batches.Of)], Silver, version, options ?? new() { AllowEmpty = true, MaxDeleteFraction = 1 });
    }

    /// <summary>Does what is done to Silver between deliveries.</summary>
    public Task KeepUpAsync(Upkeep upkeep) => upkeep switch
    {
        Upkeep.Optimize => Silver.OptimizeAsync(),
        Upkeep.Checkpoint => Silver.CheckpointAsync(),
        Upkeep.Vacuum => Silver.VacuumAsync(new VacuumOptions { Retention = TimeSpan.Zero, DryRun = false, AllowShorterRetention = true }),
        Upkeep.ForeignRewrite => ForeignWriter.RewriteAsync(Silver),
        Upkeep.Reopen => ReopenAsync(),
        Upkeep.ForeignNote => ForeignWriter.NoteAsync(Silver),
        Upkeep.ForeignOverwrite => ForeignWriter.OverwriteAsync(Silver),
        Upkeep.NoMoreDeletionVectors => Silver.SetPropertiesAsync(new Dictionary<string, string?> { ["delta.enableDeletionVectors"] = "false" }),
        _ => Task.CompletedTask,
    };

    /// <summary>Brings Gold up to date with Silver.</summary>
    public async Task<AggregateResult> RefreshGoldAsync()
    {
        await OpenGoldAsync();
        return await Aggregate.ApplyAsync(Silver, Gold);
    }
}
