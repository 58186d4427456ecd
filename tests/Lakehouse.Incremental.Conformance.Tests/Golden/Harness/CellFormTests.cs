using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Harness;

/// <summary>Equal values of different sources have one canonical text, and values that differ have different ones.</summary>
public sealed class CellFormTests
{
    private static readonly IArrowType s_decimal = new Decimal128Type(38, 10);
    private static readonly IArrowType s_timestamp = new TimestampType(TimeUnit.Microsecond, "UTC");
    private static readonly IArrowType s_list = new ListType(new Field("element", Int64Type.Default, true));
    private static readonly IArrowType s_map = new MapType(new Field("key", StringType.Default, false), new Field("value", Int64Type.Default, true));
    private static readonly IArrowType s_struct = new StructType([new Field("a", Int64Type.Default, true), new Field("b", s_list, true)]);

    public static TheoryData<string, object, string> Scalars => new()
    {
        { "long", long.MinValue, "-9223372036854775808" },
        { "decimal", Int128.Parse("-12345678901234567890123456780123456789"), "-1234567890123456789012345678.0123456789" },
        { "decimal", (Int128)10_500_000_000, "1.05e0" },
        { "float", 0.1f, "0.10000000149011612" },
        { "float", 0.1f, "0.1" },
        { "double", 0.1, "1e-1" },
        { "double", double.NaN, "nan" },
        { "double", double.NegativeInfinity, "-inf" },
        { "double", -0.0, "0" },
        { "date", -141_427, "1582-10-15" },
        { "date", -719_528, "0000-01-01" },
        { "date", -719_528, "0001-01-01 (BC)" },
        { "date", 11_016, "2000-02-29" },
        { "timestamp", -1L, "1969-12-31 23:59:59.999999" },
        { "timestamp", 1_709_210_096_789_012L, "2024-02-29T13:34:56.789012+01" },
        { "timestamp", 1_709_210_096_000_000L, "2024-02-29 12:34:56Z" },
        { "string", "it's\\\n", "it's\\\n" },
        { "binary", new byte[] { 0, 97, 240, 159, 152, 136 }, "\\x00a😈" },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void A_printed_scalar_is_the_cell_it_was_printed_of(string type, object value, string printed)
    {
        IArrowType arrow = Named(type);
        ArrowCells.Format(ConstantArray.Create(arrow, value, 1), 0).Should().Be(ScalarTexts.Format(arrow, printed, CellMode.Exact));
    }

    [Theory]
    [InlineData("long", "1", "10")]
    [InlineData("long", "1", "-1")]
    [InlineData("decimal", "1.05", "10.5")]
    [InlineData("double", "0.1", "0.10000000000000002")]
    [InlineData("date", "2000-01-01", "2000-01-02")]
    [InlineData("timestamp", "2000-01-01 00:00:00", "2000-01-01 00:00:00.000001")]
    [InlineData("timestamp", "2000-01-01 00:00:00", "2000-01-01 00:00:00-01")]
    [InlineData("string", "a", "a ")]
    [InlineData("string", "", "null")]
    [InlineData("binary", "\\x00", "0")]
    [InlineData("long", "1", "x")]
    public void Values_that_differ_have_different_forms(string type, string one, string other) =>
        ScalarTexts.Format(Named(type), one, CellMode.Exact).Should().NotBe(ScalarTexts.Format(Named(type), other, CellMode.Exact));

    [Fact]
    public void A_print_and_its_JSON_have_one_form()
    {
        (IArrowType Type, string Json, string Print)[] cells =
        [
            (s_list, "[\"1\",null,2]", "[1, , 2]"),
            (s_list, "[]", "[]"),
            (s_list, "[1,null]", "[1, ]"),
            (s_list, "null", ""),
            (s_struct, "{\"b\":[1],\"a\":null}", "{a: , b: [1]}"),
            (s_map, "[[\"x\",1],[\"y\",null]]", "{y: , x: 1}"),
            (s_map, "{\"y\":null,\"x\":\"1\"}", "{x: 1, y: }"),
        ];
        foreach ((IArrowType type, string json, string print) in cells)
        {
            string form = JsonCells.Format(type, JsonDocument.Parse(json).RootElement);
            PrintedCells.Format(type, print).Should().Be(form, "{0} prints as {1}", json, print);
        }
    }

    [Theory]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[1]", "[1,null]")]
    [InlineData("[]", "null")]
    public void Lists_differ_by_order_length_and_null(string one, string other) =>
        JsonCells.Format(s_list, JsonDocument.Parse(one).RootElement).Should().NotBe(JsonCells.Format(s_list, JsonDocument.Parse(other).RootElement));

    [Fact]
    public void Bags_tell_what_is_missing_and_what_is_too_much()
    {
        RowBag expected = Bag("a", "b", "b");
        Bag("b", "a", "b").DifferenceFrom(expected).Should().BeNull();
        Bag("a", "b").DifferenceFrom(expected).Should().Contain("not read (1)").And.Contain("x=b");
        Bag("a", "b", "c").DifferenceFrom(expected).Should().Contain("not read (1)").And.Contain("not expected (1)").And.Contain("x=c");
        Bag("a", "b").IsWithin(expected).Should().BeTrue();
        expected.IsWithin(Bag("a", "b")).Should().BeFalse();
    }

    private static RowBag Bag(params string[] cells)
    {
        RowBag bag = new(["x"]);
        foreach (string cell in cells)
        {
            bag.Add([cell]);
        }

        return bag;
    }

    private static IArrowType Named(string type) => type switch
    {
        "long" => Int64Type.Default,
        "decimal" => s_decimal,
        "float" => FloatType.Default,
        "double" => DoubleType.Default,
        "date" => Date32Type.Default,
        "timestamp" => s_timestamp,
        "binary" => BinaryType.Default,
        _ => StringType.Default,
    };
}
