using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>A million events with partial rows and deletes at once; alone, since memory is counted for the process.</summary>
[Collection(Alone)]
public sealed class LargePartialBatchTests
{
    private const string Alone = "memory";
    private const int Count = 1_000_000;
    private const int Keys = 250_000;

    private static readonly Schema s_events = Words.Schema("k:long s:long a:long b:long op");

    /// <summary>Each key has four events: a whole row, one that sets a, one that sets b, and, every fifth key, a delete in place of the last.</summary>
    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_million_events_with_partial_rows_and_deletes_merge_at_once(ScdType type)
    {
        MergeFlow flow = MergeFlow.Named("f").Keys("k").SequenceBy("s").IgnoreNullUpdates("a", "b")
            .ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ExceptColumns("op").StoredAs(type).Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(s_events));
        RecordBatch events = Events();
        long before = GC.GetTotalAllocatedBytes(precise: true);

        MergeResult result = await flow.ApplyAsync(events, table);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        result.RowsIn.Should().Be(Count);
        allocated.Should().BeLessThan(Count * 4_000L, "what a merge allocates is bounded by the events it is given");
        long live = Keys - (Keys / 5);
        (long rows, long sum) = await SumAsync(table, type);
        rows.Should().Be(live);
        sum.Should().Be(Enumerable.Range(0, Keys).Where(static k => k % 5 != 0).Sum(static k => (k * 10L) + 1 + (k * 10L) + 3));
    }

    private static RecordBatch Events()
    {
        Int64Array.Builder keys = new(), sequences = new(), a = new(), b = new();
        StringArray.Builder op = new();
        for (int i = 0; i < Count; i++)
        {
            // Those of a key are far apart, and the last round comes first.
            int key = i % Keys;
            int round = 3 - (i / Keys);
            bool isDelete = round == 3 && key % 5 == 0;
            keys.Append(key);
            sequences.Append(round);
            a.Append(!isDelete && round < 2 ? (key * 10L) + round : null);
            b.Append(!isDelete && round != 1 ? (key * 10L) + round : null);
            op.Append(isDelete ? "d" : "u");
        }

        return new RecordBatch(s_events, [keys.Build(), sequences.Build(), a.Build(), b.Build(), op.Build()], Count);
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneCollection;

    /// <summary>The current rows: how many, and the sum of a and b.</summary>
    private static async Task<(long Rows, long Sum)> SumAsync(DeltaTable table, ScdType type)
    {
        (long rows, long sum) = (0, 0);
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            BooleanArray? current = type == ScdType.Type2 ? (BooleanArray)batch.Column("__is_current") : null;
            Int64Array a = (Int64Array)batch.Column("a");
            Int64Array b = (Int64Array)batch.Column("b");
            for (int row = 0; row < batch.Length; row++)
            {
                if (current?.GetValue(row) != false)
                {
                    rows++;
                    sum += a.GetValue(row)!.Value + b.GetValue(row)!.Value;
                }
            }
        }

        return (rows, sum);
    }
}
