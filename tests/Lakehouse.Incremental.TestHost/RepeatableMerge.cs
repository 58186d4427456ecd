using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.TestHost;

/// <summary>One raw MERGE with clauses of all families, into partitions and many files. What it writes follows from the table alone.</summary>
internal static class RepeatableMerge
{
    private const int Rows = 8_000;

    public static readonly Schema Schema = new(
        [new Field("id", Int64Type.Default, false), new Field("n", DoubleType.Default, true), new Field("part", StringType.Default, true)], null);

    public static DeltaTableOptions Options => new() { MaxRowsPerFile = 900 };

    /// <summary>Ids in an order of their own, each once.</summary>
    public static RecordBatch Batch(int first, int count)
    {
        Int64Array.Builder ids = new();
        DoubleArray.Builder values = new();
        StringArray.Builder parts = new();
        for (int i = 0; i < count; i++)
        {
            int id = first + (int)((long)i * 7919 % count);
            ids.Append(id);
            _ = id % 11 == 0 ? values.AppendNull() : values.Append(id % 13 == 0 ? double.NaN : id / 3.0);
            parts.Append($"p{id % 3}");
        }

        return new RecordBatch(Schema, [ids.Build(), values.Build(), parts.Build()], count);
    }

    public static async Task CreateAsync(ITableStorage storage, bool vectors)
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            storage, Schema, new() { DeletionVectors = vectors, ChangeDataFeed = true, PartitionColumns = ["part"] }, Options);
        await table.AppendAsync(Batch(0, Rows));
    }

    public static async Task RunAsync(ITableStorage storage)
    {
        DeltaTable table = await DeltaTable.OpenAsync(storage, Options);
        await table.Merge(Batch(Rows / 2, Rows)).On("id")
            .WhenMatched(m => m.Source["n"].IsNull()).Delete()
            .WhenMatched(m => (m.Source["id"] % 5).EqualTo(0)).Update(set => set.Set("part", m => "moved"))
            .WhenMatched("source.id % 2 = 0").Update(set => set.Set("n", m => m.Target["n"] + m.Source["n"]))
            .WhenNotMatched().InsertAll()
            .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("id").LessThan(1500L))).Update(set => set.Set("n", "-n"))
            .ExecuteAsync();
    }
}
