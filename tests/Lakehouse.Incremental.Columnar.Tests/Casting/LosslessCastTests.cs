using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Casting;

/// <summary>Scalars: what converts, what fails in which row, and what is refused as a whole.</summary>
public sealed class LosslessCastTests
{
    private static readonly TimestampType s_micros = new(TimeUnit.Microsecond, "UTC");
    private static readonly TimestampType s_local = new(TimeUnit.Microsecond, (string)null!);

    public static TheoryData<string, IArrowArray, IArrowType, string[]> Conversions() => new()
    {
        { "int8 to int64", Cells.Array(Int8Type.Default, (sbyte)-128, null, (sbyte)127), Int64Type.Default, ["-128", "null", "127"] },
        { "uint8 to int16", Cells.Array(UInt8Type.Default, (byte)255, null), Int16Type.Default, ["255", "null"] },
        { "uint8 to int8", Cells.Array(UInt8Type.Default, (byte)127, (byte)128), Int8Type.Default, ["127", "FAILED"] },
        { "uint16 to int32", Cells.Array(UInt16Type.Default, ushort.MaxValue), Int32Type.Default, ["65535"] },
        { "uint32 to int64", Cells.Array(UInt32Type.Default, uint.MaxValue, 0u), Int64Type.Default, ["4294967295", "0"] },
        { "uint32 to int32", Cells.Array(UInt32Type.Default, 2_147_483_647u, 2_147_483_648u), Int32Type.Default, ["2147483647", "FAILED"] },
        { "uint64 to int64", Cells.Array(UInt64Type.Default, (ulong)long.MaxValue, 1ul + long.MaxValue, ulong.MaxValue, null), Int64Type.Default,
            [$"{long.MaxValue}", "FAILED", "FAILED", "null"] },
        { "int64 to int32", Cells.Array(Int64Type.Default, (long)int.MinValue, int.MinValue - 1L, int.MaxValue + 1L, null), Int32Type.Default,
            ["-2147483648", "FAILED", "FAILED", "null"] },
        { "int64 to int8", Cells.Array(Int64Type.Default, -129L, -128L, 127L, 128L), Int8Type.Default, ["FAILED", "-128", "127", "FAILED"] },
        { "half to float", Cells.Array(HalfFloatType.Default, (Half)1.5, (Half)(-0d), null), FloatType.Default, ["1.5", "-0", "null"] },
        { "half to double", Cells.Array(HalfFloatType.Default, Half.NaN, Half.PositiveInfinity), DoubleType.Default, ["NaN", "Infinity"] },
        { "float to double", Cells.Array(FloatType.Default, 0.5f, float.MaxValue, null), DoubleType.Default,
            ["0.5", ((double)float.MaxValue).ToString()!, "null"] },
        { "decimal scale grows", Cells.Array(new Decimal128Type(5, 1), (Int128)(-15), null), new Decimal128Type(9, 3), ["-1.500", "null"] },
        { "decimal scale shrinks", Cells.Array(new Decimal128Type(9, 3), (Int128)1500, (Int128)1501), new Decimal128Type(9, 1), ["1.5", "FAILED"] },
        { "decimal precision shrinks", Cells.Array(new Decimal128Type(9, 0), (Int128)999, (Int128)1000, (Int128)(-1000)),
            new Decimal128Type(3, 0), ["999", "FAILED", "FAILED"] },
        { "int to decimal", Cells.Array(Int32Type.Default, 99, -99, 100), new Decimal128Type(4, 2), ["99.00", "-99.00", "FAILED"] },
        { "uint64 to decimal", Cells.Array(UInt64Type.Default, ulong.MaxValue), new Decimal128Type(20, 0), ["18446744073709551615"] },
        { "date64 to date32", Cells.Array(Date64Type.Default, 86_400_000L, -86_400_000L, 1L, null), Date32Type.Default,
            ["1970-01-02", "1969-12-31", "FAILED", "null"] },
        { "date64 beyond int days", Cells.Array(Date64Type.Default, 86_400_000L * int.MaxValue, 86_400_000L * (1L + int.MaxValue)),
            Date32Type.Default, ["2147483647 d", "FAILED"] },
        { "seconds", Cells.Array(new TimestampType(TimeUnit.Second, "UTC"), 1L, long.MaxValue, -1L), s_micros,
            ["1970-01-01T00:00:01Z", "FAILED", "1969-12-31T23:59:59Z"] },
        { "milliseconds", Cells.Array(new TimestampType(TimeUnit.Millisecond, "+02:00"), 1L, long.MinValue, null), s_micros,
            ["1970-01-01T00:00:00.001Z", "FAILED", "null"] },
        { "nanoseconds", Cells.Array(new TimestampType(TimeUnit.Nanosecond, (string)null!), 1_000L, 1_001L, -1_000L, -1L), s_local,
            ["1970-01-01T00:00:00.000001", "FAILED", "1969-12-31T23:59:59.999999", "FAILED"] },
        { "microseconds of another zone", Cells.Array(new TimestampType(TimeUnit.Microsecond, "Europe/Berlin"), 0L), s_micros,
            ["1970-01-01T00:00:00Z"] },
        { "void to list", NullArrays.Create(NullType.Default, 2), ArrowGen.List(Int32Type.Default), ["null", "null"] },
    };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void A_value_keeps_its_meaning_or_fails_in_its_row(string rule, IArrowArray source, IArrowType target, string[] expected) =>
        Check(rule, source, target, expected);

    [Fact]
    public void A_slice_converts_as_its_own_rows_do()
    {
        IArrowArray slice = Cells.Slice(Int64Type.Default, [1L, 1L << 40, null, -1L], before: 9, after: 2);
        Check("slice", slice, Int32Type.Default, ["1", "FAILED", "null", "-1"]);
        Check("slice of decimals", Cells.Slice(new Decimal128Type(9, 2), [(Int128)100, (Int128)101], 3, 1), new Decimal128Type(9, 0),
            ["1", "FAILED"]);
        Check("slice of a large list", LargeLists().Slice(1, 2), ArrowGen.List(Int64Type.Default), ["null", "[3]"]);
    }

    [Fact]
    public void Texts_and_bytes_of_all_layouts_become_the_plain_ones()
    {
        const string Long = "a text of more than twelve characters";
        Check("large string", new LargeStringArray.Builder().Append("a").AppendNull().Append("").Build(), StringType.Default, ["a", "null", ""]);
        Check("string view", new StringViewArray.Builder().Append("short").AppendNull().Append(Long).Build(), StringType.Default,
            ["short", "null", Long]);
        Check("large binary", new LargeBinaryArray.Builder().Append([1, 2]).AppendNull().Build(), BinaryType.Default, ["0x0102", "null"]);
        Check("binary view", new BinaryViewArray.Builder().Append([1]).AppendNull().Append(new byte[13]).Build(), BinaryType.Default,
            ["0x01", "null", "0x" + new string('0', 26)]);

        FixedSizeBinaryType two = new(2);
        ArrayData pairs = new(two, 3, 1, 0, [new ArrowBuffer(new byte[] { 0b101 }), new ArrowBuffer(new byte[] { 1, 2, 9, 9, 3, 4 })]);
        Check("fixed size binary", new FixedSizeBinaryArray(pairs), BinaryType.Default, ["0x0102", "null", "0x0304"]);
        Check("slice of fixed size binary", new FixedSizeBinaryArray(pairs.Slice(1, 2)), BinaryType.Default, ["null", "0x0304"]);
    }

    [Fact]
    public void A_dictionary_is_decoded_and_fails_where_its_value_does()
    {
        DictionaryType type = new(Int8Type.Default, Int64Type.Default, false);
        DictionaryArray source = new(type, Cells.Array(Int8Type.Default, (sbyte)1, (sbyte)0, null, (sbyte)2),
            Cells.Array(Int64Type.Default, 7L, 1L << 40, null));
        Check("dictionary", source, Int32Type.Default, ["FAILED", "7", "null", "null"]);
        Check("slice of a dictionary", ArrowArrayFactory.BuildArray(source.Data.Slice(1, 3)), Int32Type.Default, ["7", "null", "null"]);

        DictionaryArray texts = new(new DictionaryType(UInt16Type.Default, StringType.Default, false),
            Cells.Array(UInt16Type.Default, (ushort)1, (ushort)1), Cells.Array(StringType.Default, "x", "y"));
        Check("dictionary of texts", texts, StringType.Default, ["y", "y"]);
    }

    [Fact]
    public void Decimals_of_other_widths_are_the_same_numbers()
    {
        Check("decimal32", new Decimal32Array.Builder(new Decimal32Type(5, 2)).Append(-1.5m).Append(2m).Build(), new Decimal128Type(9, 2),
            ["-1.50", "2.00"]);
        Check("decimal64", new Decimal64Array.Builder(new Decimal64Type(12, 3)).Append(-1.5m).AppendNull().Build(), new Decimal128Type(9, 1),
            ["-1.5", "null"]);
        Decimal256Array wide = new Decimal256Array.Builder(new Decimal256Type(60, 2)).Append("-1.50").Append(new string('9', 40) + ".00").Build();
        Check("decimal256", wide, new Decimal128Type(38, 2), ["-1.50", "FAILED"]);
    }

    [Fact]
    public void Other_families_are_refused_as_a_whole()
    {
        (IArrowType From, IArrowType To)[] pairs =
        [
            (StringType.Default, Int64Type.Default), (Int64Type.Default, StringType.Default), (StringType.Default, BinaryType.Default),
                (BinaryType.Default, StringType.Default),
            (Int32Type.Default, DoubleType.Default), (DoubleType.Default, FloatType.Default), (DoubleType.Default, Int64Type.Default),
                (BooleanType.Default, Int8Type.Default),
            (s_micros, s_local), (s_local, s_micros), (Date32Type.Default, s_micros), (s_micros, Date32Type.Default),
                (new Decimal128Type(9, 2), Int64Type.Default),
            (new Decimal128Type(9, 2), BinaryType.Default), (new Decimal128Type(9, 2), DoubleType.Default),
                (Int32Type.Default, ArrowGen.List(Int32Type.Default)),
            (ArrowGen.List(StringType.Default), ArrowGen.List(Int32Type.Default)), (ArrowGen.Struct(Int32Type.Default), Int32Type.Default),
            (ArrowGen.Struct(Int32Type.Default, Int32Type.Default), ArrowGen.Struct(Int32Type.Default)), (Int32Type.Default, NullType.Default),
        ];
        foreach ((IArrowType from, IArrowType to) in pairs)
        {
            LosslessCast.CanCast(from, to).Should().BeFalse("{0} is not {1}", from.Name, to.Name);
            FluentActions.Invoking(() => LosslessCast.Cast(NullArrays.Create(from, 1),
                to)).Should().Throw<ArgumentException>().WithMessage("*does not convert*");
        }
    }

    private static LargeListArray LargeLists()
    {
        LargeListArray.Builder builder = new(Int32Type.Default);
        builder.Append();
        ((Int32Array.Builder)builder.ValueBuilder).Append(1).Append(2);
        builder.AppendNull();
        builder.Append();
        ((Int32Array.Builder)builder.ValueBuilder).Append(3);
        return builder.Build();
    }

    private static void Check(string rule, IArrowArray source, IArrowType target, string[] expected) => CastCheck.Run(rule, source, target, expected);
}
