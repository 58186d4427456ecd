using Apache.Arrow;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>The product's side of a law: a staging table where it is wanted, a Silver table of one SCD type, and a Gold table that counts it.</summary>
internal sealed class EngineUnderTest
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

    private DeltaTableOptions Options => new() { DataCacheBytes = _shape.Cache ? 1 << 24 : 0, MaxRowsPerFile = _shape.MaxRowsPerFile };

    private DeltaTableCreateOptions Create => new()
    {
        ChangeDataFeed = _shape.ChangeDataFeed,
        DeletionVectors = _shape.DeletionVectors,
        Properties = new Dictionary<string, string>
        {
            ["delta.autoOptimize.autoCompact"] = _shape.AutoCompact ? "true" : "false",
            ["delta.checkpointInterval"] = _shape.Checkpoints ? "3" : "100",
        },
    };

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

    /// <summary>Storage in memory, one for each name.</summary>
    public static Func<string, ITableStorage> Memory()
    {
        Dictionary<string, ITableStorage> stores = [];
        return name =>
        {
            lock (stores)
            {
                return stores.TryGetValue(name, out ITableStorage? store) ? store : stores[name] = new InMemoryTableStorage();
            }
        };
    }

    /// <summary>Fresh instances over the same storage, as another process would have them.</summary>
    public async Task ReopenAsync()
    {
        MergeFlowBuilder flow = FlowRules.Flow(_layout, _wire, _scdType);
        if (_shape.Quarantine)
        {
            Quarantine = await QuarantineTable.CreateOrOpenAsync(_storage("quarantine"), _batches.Schema, Options);
            flow = flow.QuarantineTo(Quarantine);
        }

        Flow = flow.Build();
        if (_shape.Staged)
        {
            Staging = await StagingTable.CreateOrOpenAsync(_storage("staging"), _batches.Schema, Options);
        }

        Silver = await OpenSilverAsync(_storage("silver"));
        Gold = null!;
    }

    private async Task<DeltaTable> OpenSilverAsync(ITableStorage storage)
    {
        string? late = _wire.LateValue is { } value ? _layout.Values[value].Name : null;
        if (late is not null && await storage.ListAsync("_delta_log").AnyAsync())
        {
            return await DeltaTable.OpenAsync(storage, Options);
        }

        Schema known = new([.. _batches.Schema.FieldsList.Where(f => f.Name != late)], null);
        string[] partition = _shape.PartitionBy is { } at ? [_layout.Columns[at].Name] : [];
        return await DeltaTable.CreateOrOpenAsync(storage, Flow.TargetSchema(known), Create with { PartitionColumns = partition }, Options);
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

    /// <summary>Does what is done to Silver between deliveries.</summary>
    public Task KeepUpAsync(Upkeep upkeep) => upkeep switch
    {
        Upkeep.Optimize => Silver.OptimizeAsync(),
        Upkeep.Checkpoint => Silver.CheckpointAsync(),
        Upkeep.Vacuum => Silver.VacuumAsync(new VacuumOptions { Retention = TimeSpan.Zero, DryRun = false, AllowShorterRetention = true }),
        Upkeep.ForeignRewrite => ForeignWriter.RewriteAsync(Silver),
        Upkeep.Reopen => ReopenAsync(),
        _ => Task.CompletedTask,
    };

    public async Task<AggregateResult> RefreshGoldAsync()
    {
        if (Gold is null)
        {
            Aggregate = FlowRules.Aggregate(_layout, _gold);
            Gold = await DeltaTable.CreateOrOpenAsync(_storage("gold"), Aggregate.TargetSchema(Silver.CurrentSnapshot.Schema), Create, Options);
        }

        return await Aggregate.ApplyAsync(Silver, Gold);
    }

    /// <summary>Asserts that Silver holds what the set of events says.</summary>
    public async Task SilverMustHoldAsync(IReadOnlyList<Event> events, string because = "") =>
        (await SilverTextsAsync()).Should().Equal(_scdType == ScdType.Type1 ? Texts.Of(Model.Latest(events)) : Texts.Of(Model.History(events)), because);

    /// <summary>Asserts that Gold is, bit for bit, a recount of the Silver which the set of events says.</summary>
    public async Task GoldMustHoldAsync(IReadOnlyList<Event> events, string because = "")
    {
        IEnumerable<object?[]> silver = _scdType == ScdType.Type1 ? Model.Latest(events).Select(r => r.Row) : Model.History(events).Select(p => p.Row);
        (await GoldTextsAsync()).Should().Equal(Texts.OfBits(GoldModel.Recount(_gold, [.. silver])), because);
    }

    public async Task<string[]> SilverTextsAsync() => _scdType == ScdType.Type1 ? Texts.Of(await LatestAsync()) : Texts.Of(await HistoryAsync());

    public Task<IReadOnlyList<LatestRow>> LatestAsync() => TableRows.ReadAsync(Silver, (batch, row) => TableRows.LatestAt(batch, _layout, row));

    public Task<IReadOnlyList<Period>> HistoryAsync() => TableRows.ReadAsync(Silver, (batch, row) => TableRows.PeriodAt(batch, _layout, row));

    public async Task<string[]> GoldTextsAsync()
    {
        string[] columns = [.. Gold.CurrentSnapshot.Schema.FieldsList.Select(f => f.Name)];
        return Texts.OfBits(await TableRows.ReadAsync(Gold, (batch, row) => TableRows.Values(batch, columns, row)));
    }
}
