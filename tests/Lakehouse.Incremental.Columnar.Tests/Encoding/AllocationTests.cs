using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

/// <summary>
/// An object per row would take at least 24 bytes; the bounds are the bytes of the result and of one working array, and a constant.
/// </summary>
public class AllocationTests
{
    private const int Rows = 1_000_000;
    private const long Constant = 1 << 20;

    private static readonly RecordBatch Batch = Make();

    [Fact]
    public void Encoding_keys_allocates_the_result_only()
    {
        RowEncoder encoder = new([Int64Type.Default, StringType.Default]);

        (EncodedRows rows, long allocated) = Measure(batch => encoder.Encode(batch, [0, 1]));

        long encoded = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            encoded += rows[i].Length;
        }

        allocated.Should().BeLessThan(encoded + ((long)Rows * sizeof(int)) + Constant);
    }

    [Fact]
    public void Digests_allocate_the_result_only()
    {
        (_, long allocated) = Measure(batch => RowDigest.Compute(batch, [0, 1, 2, 3], DigestDomain.Event));

        allocated.Should().BeLessThan(((long)Rows * 16) + Constant);
    }

    [Fact]
    public void Taking_rows_allocates_the_result_and_the_list_of_rows_only()
    {
        int[] rows = [.. Enumerable.Range(0, Rows).Select(i => (int)(i * 7919L % Rows))];

        (RecordBatch taken, long allocated) = Measure(batch => TakeKernel.Take(batch, rows.AsSpan()[..batch.Length]));

        // 12 bytes per row for the runs, and the same once more where a nested column is addressed through its parent.
        allocated.Should().BeLessThan(taken.Arrays.Sum(a => Bytes(a.Data)) + ((long)Rows * 36) + Constant);
    }

    private static long Bytes(ArrayData data) => data.Buffers.Sum(b => (long)b.Length) + (data.Children ?? []).Sum(Bytes);

    private static (T Result, long Allocated) Measure<T>(Func<RecordBatch, T> run)
    {
        run(Batch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        T result = run(Batch);
        return (result, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static object? Entries(int i) => new object?[] { new object?[] { i, i }, new object?[] { 5, null } };

    private static RecordBatch Make()
    {
        MapType map = new(new Field("key", Int32Type.Default, false), new Field("value", Int32Type.Default, true));
        int[] rows = [.. Enumerable.Range(0, Rows).Select(i => i % 100)];
        RecordBatch seed = ModelArrays.Batch(
            ("id", ModelArrays.Build(Int64Type.Default, [.. Enumerable.Range(0, 100).Select(i => (object?)(long)i)])),
            ("name", ModelArrays.Build(StringType.Default, [.. Enumerable.Range(0, 100).Select(i => i % 9 == 0 ? null : (object?)("name" + i))])),
            ("amount", ModelArrays.Build(new Decimal128Type(12, 2), [.. Enumerable.Range(0, 100).Select(i => (object?)(Int128)(i * 10))])),
            ("map", ModelArrays.Build(map, [.. Enumerable.Range(0, 100).Select(Entries)])));
        return TakeKernel.Take(seed, rows);
    }
}
