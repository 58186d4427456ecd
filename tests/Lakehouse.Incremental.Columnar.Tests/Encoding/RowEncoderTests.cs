using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

public sealed class RowEncoderTests
{
    private static readonly double s_otherNaN = BitConverter.UInt64BitsToDouble(0xFFF8_0000_0000_1234);

    public static TheoryData<string, IArrowType, object?[]> Ascending() => new()
    {
        { "bool", BooleanType.Default, [null, false, true] },
        { "byte", Int8Type.Default, [null, sbyte.MinValue, (sbyte)-1, (sbyte)0, (sbyte)1, sbyte.MaxValue] },
        { "short", Int16Type.Default, [null, short.MinValue, (short)-256, (short)-1, (short)0, (short)255, short.MaxValue] },
        { "int", Int32Type.Default, [null, int.MinValue, -65_536, -1, 0, 65_535, int.MaxValue] },
        { "long", Int64Type.Default, [null, long.MinValue, -1L, 0L, 1L << 40, long.MaxValue] },
        { "float", FloatType.Default,
            [null, float.NegativeInfinity, float.MinValue, -1f, -float.Epsilon, -0f, float.Epsilon, 1f, float.MaxValue, float.PositiveInfinity,
            float.NaN] },
        { "double", DoubleType.Default,
            [null, double.NegativeInfinity, double.MinValue, -1d, -double.Epsilon, 0d, double.Epsilon, 1d, double.MaxValue,
            double.PositiveInfinity, double.NaN] },
        { "decimal", new Decimal128Type(38, 2),
            [null, -Greatest, Int128.NegativeOne << 64, Int128.NegativeOne, Int128.Zero, Int128.One, Int128.One << 64, Greatest] },
        { "date", Date32Type.Default, [null, int.MinValue, -1, 0, 1, int.MaxValue] },
        { "timestamp", new TimestampType(TimeUnit.Microsecond, "UTC"), [null, long.MinValue, -1L, 0L, long.MaxValue] },
        { "string", StringType.Default,
            [null, "", "\0", "\0\0", "\0a", "a", "a\0", "a\0\0", "a\0b", "a\u0001", "aa", "b", "\u00e9", "\uFFFD", "\U0001F600"] },
        { "binary", BinaryType.Default,
            [null, System.Array.Empty<byte>(), new byte[] { 0 }, new byte[] { 0, 0 }, new byte[] { 0, 255 }, new byte[] { 1 }, new byte[] { 255 },
            new byte[] { 255, 0 }] },
    };

    private static Int128 Greatest => Int128.Parse("99999999999999999999999999999999999999");

    [Theory]
    [MemberData(nameof(Ascending))]
    public void Bytes_ascend_with_the_values(string name, IArrowType type, object?[] values)
    {
        EncodedRows rows = Encode(Cells.Array(type, values));
        for (int i = 1; i < rows.Count; i++)
        {
            rows[i - 1].SequenceCompareTo(rows[i]).Should().BeNegative("{0} value {1} is less than value {2}", name, i - 1, i);
        }
    }

    [Fact]
    public void There_is_one_zero_and_one_NaN()
    {
        EncodedRows doubles = Encode(Cells.Array(DoubleType.Default, 0d, -0d, double.NaN, s_otherNaN, -double.NaN));
        doubles[0].ToArray().Should().Equal(doubles[1].ToArray());
        doubles[2].ToArray().Should().Equal(doubles[3].ToArray()).And.Equal(doubles[4].ToArray());

        EncodedRows floats = Encode(Cells.Array(FloatType.Default, 0f, -0f, float.NaN, (float)s_otherNaN));
        floats[0].ToArray().Should().Equal(floats[1].ToArray());
        floats[2].ToArray().Should().Equal(floats[3].ToArray());
    }

    [Fact]
    public void Columns_that_share_their_characters_out_differently_do_not_collide()
    {
        RecordBatch batch = Cells.Batch(("a", Cells.Array(StringType.Default, "a", "ab", "", null, "a\0")),
            ("b", Cells.Array(StringType.Default, "bc", "c", "abc", "abc", "\0bc")));
        EncodedRows rows = new RowEncoder([StringType.Default, StringType.Default]).Encode(batch, [0, 1]);
        Enumerable.Range(0, rows.Count).Select(i => Convert.ToHexString(rows[i])).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_struct_of_nulls_is_not_a_null_struct_and_comes_after_it()
    {
        EncodedRows rows = Encode(Cells.Array(ArrowGen.Struct(Int32Type.Default), null, new object?[] { null }, new object?[] { 0 }));
        rows[0].SequenceCompareTo(rows[1]).Should().BeNegative();
        rows[1].SequenceCompareTo(rows[2]).Should().BeNegative();
    }

    [Fact]
    public void Lists_maps_and_void_have_no_order()
    {
        IArrowType[] types = [ArrowGen.List(Int32Type.Default), ArrowGen.Map(StringType.Default, Int32Type.Default), NullType.Default,
            ArrowGen.Struct(ArrowGen.List(Int32Type.Default))];
        foreach (IArrowType type in types)
        {
            RowEncoder.IsOrderable(type).Should().BeFalse();
            FluentActions.Invoking(() => new RowEncoder([Int32Type.Default, type])).Should().Throw<ArgumentException>().WithMessage("*no order*");
        }
    }

    [Fact]
    public void The_columns_must_be_those_that_the_encoder_was_made_for()
    {
        RecordBatch batch = Cells.Batch(("a", Cells.Array(Int32Type.Default, 1)));
        FluentActions.Invoking(() => new RowEncoder([Int32Type.Default]).Encode(batch, [0, 0])).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static EncodedRows Encode(IArrowArray array) => new RowEncoder([array.Data.DataType]).Encode(Cells.Batch(("a", array)), [0]);
}
