using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests.Explain;

/// <summary>A staging table and a Silver table of orders, for tests that ask why a row is what it is.</summary>
internal sealed class ExplainKit
{
    private long _offset;

    private ExplainKit(MergeFlow flow, StagingTable staging, DeltaTable silver) => (Flow, Staging, Silver) = (flow, staging, silver);

    public MergeFlow Flow { get; }

    public StagingTable Staging { get; }

    public DeltaTable Silver { get; }

    public static Task<ExplainKit> OfAsync(ScdType scdType = ScdType.Type1) => OfAsync(Orders.Flow(scdType).Build(), Orders.Events);

    public static async Task<ExplainKit> OfAsync(MergeFlow flow, Schema events)
    {
        StagingTable staging = await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), events);
        return new ExplainKit(flow, staging, await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(events)));
    }

    /// <summary>A new staging table for a table that is there.</summary>
    public static async Task<ExplainKit> OverAsync(MergeFlow flow, DeltaTable silver) =>
        new(flow, await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events), silver);

    public Task StageAsync(params string[] events) => StageAsync(Orders.Batch(events));

    public async Task StageAsync(RecordBatch events) => await Staging.AppendAsync(events, new SourcePosition("shop", 3, _offset++));

    public async Task MergeAsync(params string[] events)
    {
        await StageAsync(events);
        await Flow.ApplyAsync(Staging, Silver);
    }

    public async Task MergeAsync(RecordBatch events)
    {
        await StageAsync(events);
        await Flow.ApplyAsync(Staging, Silver);
    }

    public Task<KeyExplanation> ExplainAsync(params object?[] key) => Flow.ExplainAsync(Staging, Silver, key);

    /// <summary>Events as text: "#1 10 Upsert Hidden by #2 · v1".</summary>
    public static string[] Events(KeyExplanation explanation) => [.. explanation.Events.Select(static e =>
        $"#{e.Number} {e.Order} {e.Kind?.ToString() ?? "?"} {e.Status}{(e.By is { } by ? $" by #{by}" : "")} · v{e.AppliedVersion?.ToString() ?? "?"}")];

    /// <summary>Rows as text: "AsExplained #1,#2 v2: id=a(Set #2) …", without the columns named.</summary>
    public static string[] Rows(KeyExplanation explanation, params string[] without) => [.. explanation.Rows.Select(row =>
        $"{row.Status} {string.Join(",", row.Events.Select(static n => $"#{n}"))} v{row.Version?.ToString() ?? "?"}: "
        + string.Join(" ", row.Cells.Where(c => !without.Contains(c.Column)).Select(static c =>
            $"{c.Column}={c.Text}({c.Origin}{(c.Event is { } e ? $" #{e}" : "")}{(c.Expected is { } x ? $" not {x}" : "")})")))];
}
