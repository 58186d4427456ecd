using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Casting;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Text;

public class CellTextFormatTests
{
    [Fact]
    public void Scalars_read_as_people_write_them()
    {
        Format(StringType.Default, "Zoë").Should().Be("Zoë");
        Format(BinaryType.Default, new byte[] { 0, 255 }).Should().Be("0x00FF");
        Format(BooleanType.Default, true).Should().Be("true");
        Format(Int8Type.Default, (sbyte)-5).Should().Be("-5");
        Format(DoubleType.Default, 1234.5).Should().Be("1234.5");
        Format(DoubleType.Default, double.NaN).Should().Be("NaN");
        Format(Date32Type.Default, 0).Should().Be("1970-01-01");
        Format(Date32Type.Default, int.MaxValue).Should().Be("2147483647 d");
        Format(Int64Type.Default, null).Should().Be("null");
        CellText.Format(new NullArray(1), 0).Should().Be("null");
    }

    [Theory]
    [InlineData(-12345, 2, "-123.45")]
    [InlineData(5, 3, "0.005")]
    [InlineData(-5, 0, "-5")]
    [InlineData(0, 2, "0.00")]
    public void Decimals_have_all_digits_of_their_scale(int value, int scale, string text)
    {
        Format(new Decimal128Type(20, scale), (Int128)value).Should().Be(text);
    }

    [Theory]
    [InlineData(TimeUnit.Second, 1L, "1970-01-01T00:00:01")]
    [InlineData(TimeUnit.Millisecond, -1L, "1969-12-31T23:59:59.999")]
    [InlineData(TimeUnit.Microsecond, 1_500_000L, "1970-01-01T00:00:01.5")]
    [InlineData(TimeUnit.Nanosecond, 1L, "1970-01-01T00:00:00.000000001")]
    [InlineData(TimeUnit.Microsecond, -62_135_596_800_000_000L, "0001-01-01T00:00:00")]
    [InlineData(TimeUnit.Microsecond, -62_135_596_800_000_001L, "-62135596800000001 µs")]
    [InlineData(TimeUnit.Second, long.MaxValue, "9223372036854775807 s")]
    public void Timestamps_show_their_digits_and_the_zone(TimeUnit unit, long value, string text)
    {
        string zone = text.Contains('T', StringComparison.Ordinal) ? "Z" : "";
        CellText.Format(ScalarCastTests.Raw(new TimestampType(unit, (string?)null), BitConverter.GetBytes(value)), 0).Should().Be(text);
        CellText.Format(ScalarCastTests.Raw(new TimestampType(unit, "UTC"), BitConverter.GetBytes(value)), 0).Should().Be(text + zone);
    }

    [Fact]
    public void Nested_values_show_their_parts()
    {
        StructType place = new([new Field("zip", StringType.Default, true), new Field("n", Int32Type.Default, true)]);
        ListType places = new(new Field("element", place, true));
        MapType map = new(new Field("key", StringType.Default, false), new Field("value", places, true));
        object?[] list = [new object?[] { "10115", null }, null];
        IArrowArray array = ModelArrays.Build(map, [null, new object?[] { new object?[] { "k", list } }], padding: 2);

        CellText.Format(array, 0).Should().Be("null");
        CellText.Format(array, 1).Should().Be("{{key: k, value: [{zip: 10115, n: null}, null]}}");
    }

    [Fact]
    public void Values_of_types_that_are_not_canonical_can_be_quoted_too()
    {
        ArrayData numbers = ModelArrays.Build(Int32Type.Default, [1, 2, 3, 4]).Data;
        DictionaryArray words = new(
            new DictionaryType(Int8Type.Default, StringType.Default, false),
            new Int8Array.Builder().Append(1).Build(),
            new StringArray.Builder().Append("a").Append("b").Build());

        CellText.Format(ScalarCastTests.Raw(UInt64Type.Default, BitConverter.GetBytes(ulong.MaxValue)), 0).Should().Be("18446744073709551615");
        CellText.Format(ScalarCastTests.Raw(new Decimal64Type(10, 2), BitConverter.GetBytes(-150L)), 0).Should().Be("-1.50");
        CellText.Format(words, 0).Should().Be("b");
        CellText.Format(new StringViewArray.Builder().Append("view").Build(), 0).Should().Be("view");
        CellText.Format(ArrowArrayFactory.BuildArray(new ArrayData(
            new FixedSizeListType(new Field("item", Int32Type.Default, true), 2), 2, 0, 0, [ArrowBuffer.Empty], [numbers])), 1).Should().Be("[3, 4]");
    }

    private static string Format(IArrowType type, object? value) => CellText.Format(ModelArrays.Build(type, [value], padding: 1), 0);
}
