using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Scd2;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests.Readme;

/// <summary>The README's example of a flow with more rules.</summary>
internal static class ReadmeFlowExample
{
    public static async Task<string> RunAsync(string lake, Schema events, RecordBatch batch, CancellationToken ct)
    {
        List<string> printed = [];
        void Print(object? line) => printed.Add(line?.ToString() ?? "null");

        // <readme>
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync($"{lake}/quarantine", events, cancellationToken: ct);
        MergeFlow customers = MergeFlow.Named("customers")
            .Keys("id").SequenceBy("lsn")
            .Operations("op", new OperationCodes { Upsert = ["c", "u"], Delete = ["d"], SnapshotRead = ["r"], Truncate = ["t"] }).ExceptColumns("op")
            .UnsetMarker("__debezium_unavailable_value")         // a cell that the event does not tell; so is a column that a batch lacks
            .DeleteMode(DeleteMode.Soft)                         // a marked row with the last known values follows a delete
            .StoredAs(ScdType.Type2).TrackHistoryExcept("last_seen").HistoryColumns(HistoryColumns.Dbt)
            .QuarantineTo(quarantine)                            // unknown codes, nulls in keys, values that do not fit, events that are too late
            .Build();

        StagingTable staging = await StagingTable.CreateOrOpenAsync($"{lake}/staging/customers", events, cancellationToken: ct);
        DeltaTable history = await DeltaTable.CreateOrOpenAsync($"{lake}/silver/customers", customers.TargetSchema(events), cancellationToken: ct);
        await staging.AppendAsync(batch, new SourcePosition("customers", Partition: 0, Offset: 7), ct);
        Print(await customers.ApplyAsync(staging, history, ct));

        KeyExplanation why = await customers.ExplainAsync(staging, history, ["42"], ct);
        Print(why);                                              // the key's events in order, its rows, and the event behind each cell
        await customers.AdvanceHorizonAsync(history, [20L], ct); // forgets what only events before 20 would need; they are too late from now on
        // </readme>
        return string.Join('\n', printed);
    }
}
