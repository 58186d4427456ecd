using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests.Readme;

/// <summary>The example of the README, which a test compares with the README's text.</summary>
internal static class ReadmeExample
{
    public static async Task<string> RunAsync(string lake, RecordBatch batch, CancellationToken ct)
    {
        List<string> printed = [];
        void Print(object line) => printed.Add(line.ToString()!);

        // <readme>
        Schema events = new Schema.Builder()
            .Field(f => f.Name("order_id").DataType(Int64Type.Default).Nullable(false))
            .Field(f => f.Name("lsn").DataType(Int64Type.Default).Nullable(false))     // the place of the change in its source
            .Field(f => f.Name("customer").DataType(StringType.Default))
            .Field(f => f.Name("total").DataType(new Decimal128Type(12, 2)))
            .Field(f => f.Name("op").DataType(StringType.Default))                     // c, u or d
            .Build();

        MergeFlow orders = MergeFlow.Named("orders")
            .Keys("order_id")
            .SequenceBy("lsn")
            .ApplyAsDeleteWhen(change => change["op"].EqualTo("d"))
            .ExceptColumns("op")
            .StoredAs(ScdType.Type1)                                                   // or Type2: the history
            .Build();

        AggregateFlow byCustomer = AggregateFlow.Named("by_customer")
            .GroupBy("customer").Count("orders").Sum("total", "revenue").Max("total", "largest")
            .Build();

        StagingTable staging = await StagingTable.CreateOrOpenAsync($"{lake}/staging/orders", events, cancellationToken: ct);
        DeltaTable silver = await DeltaTable.CreateOrOpenAsync($"{lake}/silver/orders", orders.TargetSchema(events), new() { ChangeDataFeed = true }, cancellationToken: ct);
        DeltaTable gold = await DeltaTable.CreateOrOpenAsync($"{lake}/gold/by_customer", byCustomer.TargetSchema(silver.CurrentSnapshot.Schema), cancellationToken: ct);

        await staging.AppendAsync(batch, new SourcePosition("orders", Partition: 0, Offset: 41), ct);   // exactly once per position
        MergeResult merged = await orders.ApplyAsync(staging, silver, ct);                              // all staged versions not yet merged
        Print(merged);                                                                                  // 3 in: 0 updated, 2 inserted, …
        Print(await byCustomer.ApplyAsync(silver, gold, ct));                                           // follows Silver's change data

        ReconcileReport report = await Reconciler.ReconcileAsync(orders, staging, silver, new() { Mode = ReconcileMode.Repair }, ct);
        Print(report);                                                                                  // 2 rows equal the full recompute

        await foreach (RecordBatch rows in silver.ReadAsync(["order_id", "total"], ct))
        {
            Print(rows.Length);
        }

        // </readme>
        return string.Join('\n', printed);
    }
}
