using Apache.Arrow;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;
using Column = Lakehouse.Incremental.Laws.Tests.Model.Column;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>The product's side of a law: a staging table, a Silver table of one SCD type, and a Gold table that counts it.</summary>
internal sealed class EngineUnderTest
{
    private readonly Layout _layout;
    private readonly TableShape _shape;
    private readonly ScdType _scdType;
    private readonly GoldLayout _gold;
    private readonly Func<string, ITableStorage> _storage;
    private readonly Schema _events;
    private long _offset;

    /// <param name="layout">Columns and rules.</param>
    /// <param name="shape">How the tables are kept.</param>
    /// <param name="scdType">What Silver is.</param>
    /// <param name="storage">Where the tables lie, by name; null for memory of their own.</param>
    /// <param name="gold">What Gold counts; null for everything by the first key column.</param>
    public EngineUnderTest(Layout layout, TableShape shape, ScdType scdType, Func<string, ITableStorage>? storage = null, GoldLayout? gold = null)
    {
        (_layout, _shape, _scdType, _gold) = (layout, shape, scdType, gold ?? GoldLayout.Everything(layout, 0));
        _storage = storage ?? Memory();
        _events = EventBatches.Schema(layout, shape.ColumnsReversed);
        Model = new ReferenceModel(layout, e => EventBatches.Digest(layout, e));
    }

    public ReferenceModel Model { get; }

    public StagingTable Staging { get; private set; } = null!;

    public DeltaTable Silver { get; private set; } = null!;

    public DeltaTable Gold { get; private set; } = null!;

    public MergeFlow Flow { get; private set; } = null!;

    public AggregateFlow Aggregate { get; private set; } = null!;

    public static async Task<EngineUnderTest> OpenAsync(Layout layout, TableShape shape, ScdType scdType, GoldLayout? gold = null)
    {
        EngineUnderTest engine = new(layout, shape, scdType, null, gold);
        await engine.ReopenAsync();
        return engine;
    }

    /// <summary>Storage in memory, one for each name.</summary>
    public static Func<string, ITableStorage> Memory()
    {
        Dictionary<string, ITableStorage> stores = [];
        return name => stores.TryGetValue(name, out ITableStorage? store) ? store : stores[name] = new InMemoryTableStorage();
    }

    /// <summary>Fresh instances over the same storage, as another process would have them.</summary>
    public async Task ReopenAsync()
    {
        DeltaTableOptions options = new() { DataCacheBytes = _shape.Cache ? 1 << 24 : 0, MaxRowsPerFile = _shape.MaxRowsPerFile };
        Flow = BuildFlow();
        Aggregate = BuildAggregate();
        DeltaTableCreateOptions create = new()
        {
            ChangeDataFeed = _shape.ChangeDataFeed,
            DeletionVectors = _shape.DeletionVectors,
            Properties = new Dictionary<string, string>
            {
                ["delta.autoOptimize.autoCompact"] = _shape.AutoCompact ? "true" : "false",
                ["delta.checkpointInterval"] = "3",
            },
        };
        Staging = await StagingTable.CreateOrOpenAsync(_storage("staging"), _events, options);
        Silver = await DeltaTable.CreateOrOpenAsync(
            _storage("silver"), Flow.TargetSchema(_events), create with { PartitionColumns = PartitionColumns() }, options);
        Gold = await DeltaTable.CreateOrOpenAsync(_storage("gold"), Aggregate.TargetSchema(Silver.CurrentSnapshot.Schema), create, options);
    }

    /// <summary>Delivers one batch, staged or directly.</summary>
    public async Task<MergeResult> DeliverAsync(Event[] batch)
    {
        if (_shape.Reopen)
        {
            await ReopenAsync();
        }

        RecordBatch events = EventBatches.Of(_layout, batch, _events, _shape.Sliced);
        if (!_shape.Staged)
        {
            return await Flow.ApplyAsync(events, Silver);
        }

        SourcePosition position = new("law", 0, _offset);
        await Staging.AppendAsync(events, position);
        _offset++;
        return await Flow.ApplyAsync(Staging, Silver);
    }

    public Task<AggregateResult> RefreshGoldAsync() => Aggregate.ApplyAsync(Silver, Gold);

    /// <summary>Asserts that Silver holds what the set of events says.</summary>
    public async Task SilverMustHoldAsync(IReadOnlyList<Event> events, string because = "")
    {
        if (_scdType == ScdType.Type1)
        {
            (await LatestTextsAsync()).Should().Equal(Texts.Of(Model.Latest(events)), because);
        }
        else
        {
            (await HistoryTextsAsync()).Should().Equal(Texts.Of(Model.History(events)), because);
        }
    }

    /// <summary>Asserts that Gold is, bit for bit, a recount of the Silver which the set of events says.</summary>
    public async Task GoldMustHoldAsync(IReadOnlyList<Event> events, string because = "")
    {
        IReadOnlyList<object?[]> silver = _scdType == ScdType.Type1 ? Model.Latest(events) : [.. Model.History(events).Select(p => p.Row)];
        (await GoldTextsAsync()).Should().Equal(Texts.OfBits(GoldModel.Recount(_gold, silver)), because);
    }

    public async Task<string[]> LatestTextsAsync() => Texts.Of(await TableRows.ReadAsync(Silver, _layout.Columns.Select(c => c.Name)));

    public async Task<string[]> HistoryTextsAsync() => Texts.Of(await TableRows.ReadHistoryAsync(Silver, _layout));

    public async Task<string[]> GoldTextsAsync() =>
        Texts.OfBits(await TableRows.ReadAsync(Gold, Gold.CurrentSnapshot.Schema.FieldsList.Select(f => f.Name)));

    private string[] PartitionColumns() => _shape.PartitionBy is { } at ? [_layout.Columns[at].Name] : [];

    private MergeFlow BuildFlow()
    {
        MergeFlowBuilder flow = MergeFlow.Named("law")
            .Keys([.. _layout.Keys.Select(k => k.Name)])
            .SequenceBy([.. _layout.Sequence.Select(s => s.Name)])
            .ApplyAsDeleteWhen(change => change[EventBatches.Operation].EqualTo("d"))
            .ExceptColumns(EventBatches.Operation)
            .StoredAs(_scdType);
        string[] tracked = [.. _layout.Values.Where((_, i) => _layout.Tracked[i]).Select(v => v.Name)];
        string[] untracked = [.. _layout.Values.Select(v => v.Name).Except(tracked)];
        return (_scdType == ScdType.Type1 || untracked.Length == 0 ? flow
            : tracked.Length < untracked.Length ? flow.TrackHistoryOn(tracked)
            : flow.TrackHistoryExcept(untracked)).Build();
    }

    private AggregateFlow BuildAggregate()
    {
        IReadOnlyList<Column> columns = _layout.Columns;
        AggregateFlowBuilder flow = AggregateFlow.Named("gold").GroupBy([.. _gold.GroupBy.Select(c => columns[c].Name)]).Count("rows");
        foreach ((GoldMeasure measure, int column) in _gold.Measures)
        {
            string name = columns[column].Name;
            flow = measure switch
            {
                GoldMeasure.Sum => flow.Sum(name),
                GoldMeasure.Min => flow.Min(name),
                _ => flow.Max(name),
            };
        }

        return flow.Build();
    }
}
