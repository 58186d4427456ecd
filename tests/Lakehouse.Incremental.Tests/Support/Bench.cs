using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.SourceSnapshots;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests;

/// <summary>A flow with its table, and if need be a staging table and a quarantine, all in memory; events and rows are words (<see cref="Words"/>).</summary>
internal sealed class Bench
{
    private readonly string _columns;
    private int _staged;

    private Bench(string columns, MergeFlow flow, DeltaTable table, StagingTable staging, QuarantineTable quarantine) =>
        (_columns, Flow, Table, Staging, Quarantine) = (columns, flow, table, staging, quarantine);

    public MergeFlow Flow { get; private set; }

    public DeltaTable Table { get; }

    public StagingTable Staging { get; }

    public QuarantineTable Quarantine { get; }

    /// <param name="flow">The rules.</param>
    /// <param name="columns">The columns of the events, unless a call says otherwise.</param>
    /// <param name="create">Properties of the table.</param>
    /// <param name="quarantine">True for a flow that sets apart what it cannot merge.</param>
    public static async Task<Bench> OpenAsync(MergeFlowBuilder flow, string columns, DeltaTableCreateOptions? create = null, bool quarantine = false)
    {
        Schema events = Words.Schema(columns);
        QuarantineTable kept = await QuarantineTable.CreateOrOpenAsync(new InMemoryTableStorage(), events);
        MergeFlow built = (quarantine ? flow.QuarantineTo(kept) : flow).Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), built.TargetSchema(events), create ?? new() { ChangeDataFeed = true });
        return new Bench(columns, built, table, await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), events), kept);
    }

    /// <summary>Goes on with other rules.</summary>
    public Bench With(MergeFlowBuilder flow)
    {
        Flow = flow.Build();
        return this;
    }

    /// <summary>Merges events with the columns of the bench.</summary>
    public Task<MergeResult> ApplyAsync(params string[] rows) => Flow.ApplyAsync(Words.Batch(_columns, rows), Table);

    /// <summary>Merges events with other columns.</summary>
    public Task<MergeResult> ApplyColumnsAsync(string columns, params string[] rows) => Flow.ApplyAsync(Words.Batch(columns, rows), Table);

    /// <summary>Merges a complete snapshot of the source.</summary>
    public Task<MergeResult> SnapshotAsync(long version, string columns, string[] rows, SnapshotOptions? options = null) =>
        Flow.ApplySnapshotAsync(Words.Batch(columns, rows), Table, version, options);

    /// <summary>Stages events and merges them.</summary>
    public Task<MergeResult> StageAsync(params string[] rows) => StageColumnsAsync(_columns, rows);

    /// <summary>Stages events with other columns and merges them.</summary>
    public async Task<MergeResult> StageColumnsAsync(string columns, params string[] rows)
    {
        await Staging.AppendAsync(Words.Batch(columns, rows), new SourcePosition("test", 0, _staged++));
        return await Flow.ApplyAsync(Staging, Table);
    }

    public Task<string[]> RowsAsync() => Words.RowsAsync(Table);

    /// <summary>What is in the quarantine: reason, column, and the event.</summary>
    public async Task<string[]> KeptAsync()
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in Quarantine.Table.ReadAsync(["__reason", "__column", .. Quarantine.EventSchema.FieldsList.Select(static f => f.Name)]))
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => Words.Plain(batch, row)));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    public Task<ReconcileReport> ReconcileAsync(ReconcileMode mode = ReconcileMode.Report) => Reconciler.ReconcileAsync(Flow, Staging, Table, new() { Mode = mode });

    /// <summary>A foreign writer rewrites the rows.</summary>
    public async Task DamageAsync(Func<RecordBatch, RecordBatch> change)
    {
        List<RecordBatch> parts = [];
        await foreach (RecordBatch part in Table.ReadAsync())
        {
            parts.Add(part);
        }

        await Table.OverwriteAsync(change(ConcatKernel.Concat(Table.CurrentSnapshot.Schema, parts)));
    }

    /// <summary>Fails unless the events come to the same rows in every order, one by one and together, also when they come again.</summary>
    public static async Task AnyOrderAsync(Func<MergeFlowBuilder> flow, string columns, string[] events, params string[] expected)
    {
        foreach (string[] order in Permutations(events))
        {
            Bench single = await OpenAsync(flow(), columns);
            foreach (string e in order)
            {
                await single.ApplyAsync(e);
            }

            Bench halves = await OpenAsync(flow(), columns);
            await halves.ApplyAsync(order[..(order.Length / 2)]);
            await halves.ApplyAsync(order[(order.Length / 2)..]);
            await halves.ApplyAsync(order);
            (await single.RowsAsync()).Should().Equal(expected, $"the events came one by one: {string.Join(" | ", order)}");
            (await halves.RowsAsync()).Should().Equal(expected, $"the events came in two halves, and again: {string.Join(" | ", order)}");
        }
    }

    private static IEnumerable<string[]> Permutations(string[] events) => events.Length == 0
        ? [[]]
        : events.SelectMany((e, i) => Permutations([.. events[..i], .. events[(i + 1)..]]).Select(rest => (string[])[e, .. rest]));
}
