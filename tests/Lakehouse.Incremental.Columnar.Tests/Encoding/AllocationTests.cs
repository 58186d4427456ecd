using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

/// <summary>Work over many rows takes memory for its result and nothing more per row.</summary>
public sealed class AllocationTests
{
    private const int Rows = 100_000;

    [Fact]
    public void Encoding_allocates_the_encoded_bytes_and_an_offset_per_row()
    {
        RecordBatch batch = Batch(Rows);
        RowEncoder encoder = new([.. batch.Arrays.Take(4).Select(a => a.Data.DataType)]);
        long allocated = Allocated(() => encoder.Encode(batch, [0, 1, 2, 3]));

        // long 9, string of 6 characters 9, double 9, decimal 17, offset 4; unoptimised code allocates some more.
        allocated.Should().BeLessThan(110 * Rows);
    }

    [Fact]
    public void Digests_allocate_a_small_constant_per_row_whatever_the_columns()
    {
        RecordBatch batch = Batch(Rows);
        long allocated = Allocated(() => RowDigest.Compute(batch, [0, 1, 2, 3, 4], DigestDomain.Data));
        allocated.Should().BeLessThan(70 * Rows);
    }

    [Fact]
    public void Taking_every_second_row_allocates_what_the_rows_take()
    {
        RecordBatch batch = Batch(Rows);
        int[] rows = [.. Enumerable.Range(0, Rows / 2).Select(i => i * 2)];
        long allocated = Allocated(() => TakeKernel.Take(batch, rows));
        allocated.Should().BeLessThan(160 * rows.Length);
    }

    private static long Allocated(Func<object> action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        object result = action();
        long after = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(result);
        return after - before;
    }

    private static RecordBatch Batch(int rows) => Cells.Batch(
        ("id", Cells.Array(Int64Type.Default, [.. Enumerable.Range(0, rows).Select(object? (i) => (long)i)])),
        ("name", Cells.Array(StringType.Default, [.. Enumerable.Range(0, rows).Select(object? (i) => (i + 100_000).ToString())])),
        ("price", Cells.Array(DoubleType.Default, [.. Enumerable.Range(0, rows).Select(object? (i) => i * 0.5)])),
        ("amount", Cells.Array(new Decimal128Type(18, 2), [.. Enumerable.Range(0, rows).Select(object? (i) => (Int128)i * 100)])),
        ("list", Cells.Array(ArrowGen.List(Int32Type.Default), [.. Enumerable.Range(0, rows).Select(object? (i) => new List<object?> { i, null })])));
}
