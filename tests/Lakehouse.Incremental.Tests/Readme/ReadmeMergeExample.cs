using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Tests.Readme;

/// <summary>The README's example of a raw MERGE.</summary>
internal static class ReadmeMergeExample
{
    public static async Task<string> RunAsync(DeltaTable stock, RecordBatch counted, CancellationToken ct)
    {
        List<string> printed = [];
        void Print(object? line) => printed.Add(line?.ToString() ?? "null");

        // <readme>
        RawMergeResult result = await stock.Merge(counted).On("sku", "store")
            .WhenMatched("source.amount = 0").Delete()                                           // SQL over both rows,
            .WhenMatched(m => m.Source["amount"].NotEqualTo(m.Target["amount"])).Update(set => set   // or C#
                .Set("amount", m => m.Source["amount"])
                .Set("note", "concat('was ', cast(target.amount as string))"))
            .WhenNotMatched().InsertAll()
            .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("store").EqualTo("graz"))).Delete()   // what the source speaks for
            .ExecuteAsync(ct);
        Print(result);                                                                           // 4 source rows: 1 updated, 1 inserted, 2 deleted · …
        // </readme>
        return string.Join('\n', printed);
    }
}
