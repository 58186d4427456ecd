using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Casting;

public class ScalarCastTests
{
    private static readonly TimestampType Instant = new(TimeUnit.Microsecond, "UTC");
    private static readonly TimestampType Local = new(TimeUnit.Microsecond, (string?)null);

    [Fact]
    public void Integers_of_any_width_keep_their_value_or_fail()
    {
        Integers(new UInt64Type(), BitConverter.GetBytes(ulong.MaxValue), Int64Type.Default, null);
        Integers(new UInt64Type(), BitConverter.GetBytes(5UL), Int8Type.Default, 5);
        Integers(new UInt64Type(), BitConverter.GetBytes(1UL << 63), Int64Type.Default, null);
        Integers(new UInt32Type(), BitConverter.GetBytes(uint.MaxValue), Int64Type.Default, uint.MaxValue);
        Integers(new UInt32Type(), BitConverter.GetBytes(uint.MaxValue), Int32Type.Default, null);
        Integers(new UInt16Type(), BitConverter.GetBytes(ushort.MaxValue), Int16Type.Default, null);
        Integers(new UInt8Type(), [200], Int8Type.Default, null);
        Integers(new UInt8Type(), [200], Int16Type.Default, 200);
        Integers(Int8Type.Default, [unchecked((byte)-3)], Int64Type.Default, -3);
        Integers(Int64Type.Default, BitConverter.GetBytes(-128L), Int8Type.Default, -128);
        Integers(Int64Type.Default, BitConverter.GetBytes(-129L), Int8Type.Default, null);
    }

    [Fact]
    public void Narrowing_fails_exactly_for_the_values_out_of_range() =>
        Generate.ArrayOf(Int64Type.Default).Sample(t =>
        {
            CastResult result = LosslessCast.Cast(t.Array, Int16Type.Default);

            bool[] failed = [.. t.Values.Select(v => v is long n && n is < short.MinValue or > short.MaxValue)];
            result.FailedRows.Should().Be(failed.Count(f => f));
            result.FirstFailedRow.Should().Be(System.Array.IndexOf(failed, true));
            (result.Failed ?? new bool[failed.Length]).Should().Equal(failed);
            Naive.Texts(result.Array).Should().Equal(t.Values.Select((v, i) => failed[i] ? "∅" : Naive.Text(v)));
        });

    [Fact]
    public void Decimals_are_the_same_number_at_the_target_or_fail() =>
        Gen.Select(Gen.Int[0, 38], Gen.Int[1, 38], Gen.Int[0, 38], Generate.Value(new Decimal128Type(38, 0)).Array[0, 10], Gen.Int[0, 5])
            .Where((_, precision, scale, _, _) => scale <= precision).Sample((fromScale, precision, scale, values, padding) =>
        {
            IArrowArray source = ModelArrays.Build(new Decimal128Type(38, fromScale), values, padding);

            CastResult result = LosslessCast.Cast(source, new Decimal128Type(precision, scale));

            BigInteger?[] expected = [.. values.Select(v => v is Int128 n ? Rescale(n, fromScale, precision, scale) : null)];
            Naive.Texts(result.Array).Should().Equal(expected.Select(e => e is { } n ? Naive.Text((Int128)n) : "∅"));
            result.FailedRows.Should().Be(values.Count(v => v is not null) - expected.Count(e => e is not null));
        });

    [Fact]
    public void Decimals_of_other_widths_and_integers_become_decimals()
    {
        Decimal128Type target = new(10, 2);

        One(new Decimal32Type(5, 1), BitConverter.GetBytes(-15), target).Should().Be("-150");
        One(new Decimal64Type(12, 3), BitConverter.GetBytes(1230L), target).Should().Be("123");
        One(new Decimal64Type(12, 3), BitConverter.GetBytes(1234L), target).Should().Be("failed", "a digit would be lost");
        One(new Decimal256Type(70, 40), Wide(BigInteger.Pow(10, 41) * -3), target).Should().Be("-3000");
        One(new Decimal256Type(70, 0), Wide(BigInteger.Pow(10, 60)), target).Should().Be("failed");
        One(new UInt64Type(), BitConverter.GetBytes(ulong.MaxValue), new Decimal128Type(20, 0)).Should().Be("18446744073709551615");
        One(Int32Type.Default, BitConverter.GetBytes(int.MinValue), target).Should().Be("failed", "12 digits are too many");
    }

    [Theory]
    [InlineData(99_999_999L, 0, "9999999900")]
    [InlineData(100_000_000L, 0, "failed")]
    [InlineData(-100_000_000L, 0, "failed")]
    [InlineData(9_999_999_999L, 2, "9999999999")]
    [InlineData(10_000_000_000L, 2, "failed")]
    [InlineData(99_999_999_990L, 3, "9999999999")]
    [InlineData(100_000_000_000L, 3, "failed")]
    public void The_greatest_decimal_fits_and_the_next_one_fails(long unscaled, int scale, string expected)
    {
        One(new Decimal64Type(18, scale), BitConverter.GetBytes(unscaled), new Decimal128Type(10, 2)).Should().Be(expected);
    }

    [Theory]
    [InlineData(TimeUnit.Second, 5L, "5000000")]
    [InlineData(TimeUnit.Second, long.MaxValue, "failed")]
    [InlineData(TimeUnit.Second, long.MinValue, "failed")]
    [InlineData(TimeUnit.Millisecond, -5L, "-5000")]
    [InlineData(TimeUnit.Millisecond, long.MaxValue / 1000, "9223372036854775000")]
    [InlineData(TimeUnit.Millisecond, (long.MaxValue / 1000) + 1, "failed")]
    [InlineData(TimeUnit.Microsecond, long.MinValue, "-9223372036854775808")]
    [InlineData(TimeUnit.Nanosecond, -7000L, "-7")]
    [InlineData(TimeUnit.Nanosecond, 7001L, "failed")]
    public void Timestamps_become_microseconds_if_exact(TimeUnit unit, long value, string expected)
    {
        One(new TimestampType(unit, "Europe/Berlin"), BitConverter.GetBytes(value), Instant).Should().Be(expected);
        One(new TimestampType(unit, (string?)null), BitConverter.GetBytes(value), Local).Should().Be(expected);
    }

    [Fact]
    public void Instants_and_local_times_never_meet()
    {
        LosslessCast.CanCast(Instant, Local).Should().BeFalse();
        LosslessCast.CanCast(Local, Instant).Should().BeFalse();
        FluentActions.Invoking(() => LosslessCast.Cast(ModelArrays.Build(Instant, [1L]), Local)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Nothing_converts_across_families()
    {
        LosslessCast.CanCast(StringType.Default, Int32Type.Default).Should().BeFalse();
        LosslessCast.CanCast(Int32Type.Default, StringType.Default).Should().BeFalse();
        LosslessCast.CanCast(StringType.Default, BinaryType.Default).Should().BeFalse();
        LosslessCast.CanCast(DoubleType.Default, FloatType.Default).Should().BeFalse();
        LosslessCast.CanCast(Int32Type.Default, DoubleType.Default).Should().BeFalse();
        LosslessCast.CanCast(BooleanType.Default, Int8Type.Default).Should().BeFalse();
        LosslessCast.CanCast(Date32Type.Default, Instant).Should().BeFalse();
        LosslessCast.CanCast(new Decimal128Type(5, 0), Int64Type.Default).Should().BeFalse();
        LosslessCast.CanCast(new Decimal256Type(5, 0), BinaryType.Default).Should().BeFalse("a decimal is no byte string");
    }

    [Fact]
    public void Dates_in_milliseconds_become_days_if_they_are_whole()
    {
        One(Date64Type.Default, BitConverter.GetBytes(-86_400_000L), Date32Type.Default).Should().Be("-1");
        One(Date64Type.Default, BitConverter.GetBytes(86_400_001L), Date32Type.Default).Should().Be("failed");
        One(Date64Type.Default, BitConverter.GetBytes(long.MaxValue / 86_400_000 * 86_400_000), Date32Type.Default).Should().Be("failed");
    }

    [Fact]
    public void Floats_widen_exactly()
    {
        One(FloatType.Default, BitConverter.GetBytes(0.1f), DoubleType.Default).Should().Be(Naive.Text((double)0.1f));
        One(HalfFloatType.Default, BitConverter.GetBytes((Half)1.5f), FloatType.Default).Should().Be(Naive.Text(1.5f));
        One(HalfFloatType.Default, BitConverter.GetBytes(Half.NegativeInfinity), DoubleType.Default).Should().Be(Naive.Text(double.NegativeInfinity));
    }

    [Fact]
    public void Text_and_bytes_of_other_layouts_become_plain()
    {
        string longText = new('x', 40);
        LargeStringArray large = new(new ArrayData(LargeStringType.Default, 3, 1, 1,
            [new ArrowBuffer(new byte[] { 0b1011 }), Longs(1, 2, 4, 7, 9), new ArrowBuffer("?abcdefgh"u8.ToArray())], []));
        StringViewArray views = new StringViewArray.Builder().Append("skipped").Append(longText).AppendNull().Append("short").Build();
        ArrowBuffer pairs = new(new byte[] { 9, 9, 1, 2, 3, 4 });
        FixedSizeBinaryArray fixedSize = new(new ArrayData(new FixedSizeBinaryType(2), 2, 0, 1, [ArrowBuffer.Empty, pairs], []));
        ArrayData none = new(LargeStringType.Default, 0, 0, 0, [ArrowBuffer.Empty, ArrowBuffer.Empty, ArrowBuffer.Empty], []);

        Texts(large, StringType.Default).Should().Equal("\"bc\"", "∅", "\"gh\"");
        Texts(ArrowArrayFactory.Slice(views, 1, 3), StringType.Default).Should().Equal("\"" + longText + "\"", "∅", "\"short\"");
        Texts(fixedSize, BinaryType.Default).Should().Equal("0102", "0304");
        Texts(new LargeStringArray(none), StringType.Default).Should().BeEmpty();
    }

    [Fact]
    public void Dictionaries_are_decoded_and_fail_where_their_value_does()
    {
        DictionaryType type = new(UInt8Type.Default, Int64Type.Default, false);
        IArrowArray words = ModelArrays.Build(Int64Type.Default, [1L, long.MaxValue, null], padding: 2);
        DictionaryArray source = new(type, new UInt8Array.Builder().Append(0).Append(1).AppendNull().Append(2).Append(0).Build(), words);

        CastResult result = LosslessCast.Cast(source, Int32Type.Default);

        Naive.Texts(result.Array).Should().Equal("1", "∅", "∅", "∅", "1");
        result.Failed.Should().Equal(false, true, false, false, false);
        Texts(ArrowArrayFactory.Slice(source, 4, 1), Int32Type.Default).Should().Equal("1");
    }

    [Fact]
    public void Canonical_arrays_keep_their_values() =>
        Generate.Any.SelectMany(type => Generate.ArrayOf(type)).Sample(t =>
        {
            CastResult result = LosslessCast.Cast(t.Array, t.Array.Data.DataType);

            result.Failed.Should().BeNull();
            Naive.Texts(result.Array).Should().Equal(Naive.Texts(t.Values));
        });

    [Fact]
    public void Voids_become_nulls_of_any_type() =>
        Generate.Any.Sample(type => Naive.Texts(LosslessCast.Cast(new NullArray(2), type).Array).Should().Equal("∅", "∅"));

    internal static IArrowArray Raw(IArrowType type, byte[] value) =>
        ArrowArrayFactory.BuildArray(new ArrayData(type, 1, 0, 1, [ArrowBuffer.Empty, new ArrowBuffer((byte[])[.. value, .. value])], []));

    internal static ArrowBuffer Longs(params long[] values) => new(values.SelectMany(BitConverter.GetBytes).ToArray());

    private static string One(IArrowType type, byte[] value, IArrowType target)
    {
        CastResult result = LosslessCast.Cast(Raw(type, value), target);
        result.Array.Data.DataType.Should().BeSameAs(target);
        return result.FailedRows == 1 ? "failed" : Naive.Texts(result.Array).Single();
    }

    private static string[] Texts(IArrowArray source, IArrowType target) => Naive.Texts(LosslessCast.Cast(source, target).Array);

    private static void Integers(IArrowType type, byte[] value, IArrowType target, long? expected) =>
        One(type, value, target).Should().Be(expected is { } e ? Naive.Text(e) : "failed");

    private static BigInteger? Rescale(BigInteger value, int fromScale, int precision, int scale)
    {
        BigInteger scaled = value * BigInteger.Pow(10, scale);
        BigInteger result = BigInteger.DivRem(scaled, BigInteger.Pow(10, fromScale), out BigInteger rest);
        return rest.IsZero && BigInteger.Abs(result) < BigInteger.Pow(10, precision) ? result : null;
    }

    private static byte[] Wide(BigInteger value)
    {
        byte[] bytes = new byte[32];
        bytes.AsSpan().Fill(value < 0 ? (byte)0xFF : (byte)0);
        value.TryWriteBytes(bytes, out _);
        return bytes;
    }
}
