using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <content>The tables.</content>
internal sealed partial class EngineUnderTest
{
    private DeltaTableOptions Options => new()
    {
        DataCacheBytes = _shape.Cache ? 1 << 24 : 0,
        MaxRowsPerFile = _shape.MaxRowsPerFile,
        UsesKeyIndex = _shape.KeyIndex,
        MaxDegreeOfParallelism = _shape.Degree,
    };

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

    private async Task OpenGoldAsync()
    {
        if (Gold is null)
        {
            Aggregate = FlowRules.Aggregate(_layout, _gold);
            Gold = await DeltaTable.CreateOrOpenAsync(_storage("gold"), Aggregate.TargetSchema(Silver.CurrentSnapshot.Schema), Create, Options);
        }
    }
}
