using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Selection;

public sealed class SelectionTests
{
    [Fact]
    public void A_copy_does_not_follow_changes_of_its_source()
    {
        byte[] memory = BitConverter.GetBytes(42L);
        Int64Array source = new(new ArrayData(Int64Type.Default, 1, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(memory)], []));
        IArrowArray[] copies = [ManagedCopy.Copy(source), TakeKernel.Take(source, [0]), ConcatKernel.Concat(Int64Type.Default, [source])];

        memory[0] = 1;

        copies.SelectMany(c => c.Texts()).Should().Equal("42", "42", "42");
    }

    [Fact]
    public void Results_stay_valid_when_the_sources_are_disposed_and_collected()
    {
        (RecordBatch[] results, string[][] expected) = Select();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        results.Select(r => r.Rows()).Should().BeEquivalentTo(expected, o => o.WithStrictOrdering());

        static (RecordBatch[] Results, string[][] Expected) Select()
        {
            using RecordBatch source = Native();
            string[] rows = source.Rows();
            RecordBatch[] results =
            [
                ManagedCopy.Copy(source),
                TakeKernel.Take(source, [2, -1, 0]),
                ConcatKernel.Concat(source.Schema, [source, source]),
                FilterKernel.Filter(source, [false, true, true]),
                InterleaveKernel.Interleave(source.Schema, [source], [new RowRef(0, 1), RowRef.Null]),
            ];
            string[] nulls = ["null | null"];
            return (results, [rows, [rows[2], .. nulls, rows[0]], [.. rows, .. rows], rows[1..], [rows[1], .. nulls]]);
        }
    }

    [Fact]
    public void A_mask_of_another_length_is_refused()
    {
        RecordBatch batch = Cells.Batch(("a", Cells.Array(Int32Type.Default, 1, 2)));
        FluentActions.Invoking(() => FilterKernel.Filter(batch, [true])).Should().Throw<ArgumentException>().WithMessage("*value for each row*");
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(1, 2)]
    [InlineData(3, 0)]
    [InlineData(1, int.MaxValue)]
    public void A_slice_outside_of_the_batch_is_refused(int offset, int length)
    {
        RecordBatch batch = Cells.Batch(("a", Cells.Array(Int32Type.Default, 1, 2)));
        FluentActions.Invoking(() => SliceKernel.Slice(batch, offset, length)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_constant_must_be_a_value_of_its_type()
    {
        FluentActions.Invoking(() => ConstantArray.Create(Int32Type.Default, 1L, 1)).Should().Throw<ArgumentException>().WithMessage("*Int64*int32*");
        FluentActions.Invoking(() => ConstantArray.Create(Int32Type.Default, DateTime.UnixEpoch, 1)).Should().Throw<ArgumentException>().WithMessage("*DateTime*");
        ConstantArray.Create(new Decimal128Type(10, 2), new BigInteger(-5), 2).Texts().Should().Equal("-0.05", "-0.05");
    }

    [Fact]
    public void A_batch_without_columns_keeps_its_number_of_rows()
    {
        RecordBatch source = new(new Schema([], null), System.Array.Empty<IArrowArray>(), 4);
        TakeKernel.Take(source, [3, -1, 0]).Length.Should().Be(3);
        FilterKernel.Filter(source, [true, false, true, true]).Length.Should().Be(3);
        ConcatKernel.Concat(source.Schema, [source, source]).Length.Should().Be(8);
        SliceKernel.Slice(source, 1, 2).Length.Should().Be(2);
    }

    /// <summary>A batch in memory that is given back when the batch is disposed.</summary>
    private static RecordBatch Native()
    {
        Int64Array numbers = new Int64Array.Builder().Append(1).AppendNull().Append(3).Build(new Apache.Arrow.Memory.NativeMemoryAllocator());
        StringArray texts = new StringArray.Builder().Append("one").Append("two").AppendNull().Build(new Apache.Arrow.Memory.NativeMemoryAllocator());
        return Cells.Batch(("n", numbers), ("t", texts));
    }
}
