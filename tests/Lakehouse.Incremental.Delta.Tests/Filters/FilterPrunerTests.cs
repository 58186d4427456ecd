using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Delta.Tests.Filters;

public sealed class FilterPrunerTests
{
    private static readonly TimestampType s_instant = new(TimeUnit.Microsecond, "UTC");

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void A_value_outside_of_the_bounds_skips(long value, bool skipped)
    {
        string stats = """{"numRecords":3,"minValues":{"c":5},"maxValues":{"c":9},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(Int64Type.Default, stats, c => c.EqualTo(value)).Should().Be(skipped);
        PrunerKit.CanSkip(Int64Type.Default, stats, c => c.In(value, value)).Should().Be(skipped);
        PrunerKit.CanSkip(Int64Type.Default, stats, c => c.In(value, 7L)).Should().BeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"numRecords":3,"minValues":null,"maxValues":7,"nullCount":"x"}""")]
    [InlineData("""{"numRecords":3,"minValues":{"other":9},"maxValues":{"other":9},"nullCount":{"other":0}}""")]
    [InlineData("""{"numRecords":3,"minValues":{"c":{"x":9}},"maxValues":{"c":[]},"nullCount":{"c":{}}}""")]
    [InlineData("""{"numRecords":3,"minValues":{"c":"\ud800"},"maxValues":{"c":true},"nullCount":{"c":1.5}}""")]
    [InlineData("""{"numRecords":3,"minValues":{"c":9,"c":9},"maxValues":{"c":9},"nullCount":{"c":0}}""")]
    [InlineData("""{"numRecords":3,"minValues":{"c":99999999999999999999},"maxValues":{"c":1e-3}}""")]
    public void What_is_not_known_may_match(string? stats)
    {
        PrunerKit.CanSkip(Int64Type.Default, stats, c => c.EqualTo(1)).Should().BeFalse();
        PrunerKit.CanSkip(Int64Type.Default, stats, c => c.IsNull()).Should().BeFalse();
        PrunerKit.CanSkip(Int64Type.Default, stats, c => c.IsNotNull()).Should().BeFalse();
    }

    [Fact]
    public void A_column_of_nulls_holds_no_value_and_one_without_holds_no_null()
    {
        string nulls = """{"numRecords":3,"minValues":{},"maxValues":{},"nullCount":{"c":3}}""";
        PrunerKit.CanSkip(Int64Type.Default, nulls, c => c.NotEqualTo(1)).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, nulls, c => !c.In(1)).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, nulls, c => c.IsNotNull()).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, nulls, c => c.IsNull()).Should().BeFalse();

        string none = """{"numRecords":3,"minValues":{"c":1},"maxValues":{"c":1},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(Int64Type.Default, none, c => c.IsNull()).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, none, c => c.NotEqualTo(1)).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, none, c => !c.In(1, 2)).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, none, c => !c.In(2, 3)).Should().BeFalse();
    }

    /// <summary>0.7 as a float is less than 0.7 as a double; other writers keep the shortest text, and the column may be widened later.</summary>
    [Fact]
    public void The_text_of_a_float_does_not_bound_doubles_too_tightly()
    {
        const string Stats = """{"numRecords":1,"minValues":{"c":0.7},"maxValues":{"c":0.7},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(DoubleType.Default, Stats, c => c.LessThan(0.7)).Should().BeFalse();
        PrunerKit.CanSkip(DoubleType.Default, Stats, c => c.LessThan(0.6)).Should().BeTrue();
    }

    [Fact]
    public void Comparison_with_null_is_never_true()
    {
        PrunerKit.CanSkip(Int64Type.Default, null, c => c.EqualTo(null)).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, null, c => !c.EqualTo(null)).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, null, c => !c.In(1, null)).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, null, c => c.In(1, null)).Should().BeFalse();
    }

    [Fact]
    public void Wide_bounds_hold_but_their_null_count_may_be_less()
    {
        string stats = """{"numRecords":3,"tightBounds":false,"minValues":{"c":5},"maxValues":{"c":9},"nullCount":{"c":1}}""";
        PrunerKit.CanSkip(Int64Type.Default, stats, c => c.GreaterThan(9)).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, stats, c => c.IsNull()).Should().BeFalse();
        PrunerKit.CanSkip(Int64Type.Default, stats.Replace("{\"c\":1}", "{\"c\":0}"), c => c.IsNull()).Should().BeTrue();
        PrunerKit.CanSkip(Int64Type.Default, stats.Replace("{\"c\":1}", "{\"c\":3}"), c => c.IsNotNull()).Should().BeTrue();
    }

    [Theory]
    [InlineData("2024-01-01T00:00:00.123Z", "2024-01-01T00:00:00.123Z")]
    [InlineData("2023-12-31T16:00:00.123-08:00", "2024-01-01T02:00:00.123+02:00")]
    public void Timestamps_are_bounded_to_the_end_of_their_millisecond(string min, string max)
    {
        string stats = $$$"""{"numRecords":3,"minValues":{"c":"{{{min}}}"},"maxValues":{"c":"{{{max}}}"},"nullCount":{"c":0}}""";
        DateTimeOffset start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(123);
        PrunerKit.CanSkip(s_instant, stats, c => c.EqualTo(start.AddMicroseconds(-1))).Should().BeTrue();
        PrunerKit.CanSkip(s_instant, stats, c => c.EqualTo(start)).Should().BeFalse();
        PrunerKit.CanSkip(s_instant, stats, c => c.EqualTo(start.AddMicroseconds(999))).Should().BeFalse();
        PrunerKit.CanSkip(s_instant, stats, c => c.EqualTo(start.AddMicroseconds(1000))).Should().BeTrue();
    }

    [Fact]
    public void A_NaN_that_a_writer_forgot_is_not_lost()
    {
        string stats = """{"numRecords":3,"minValues":{"c":1.5},"maxValues":{"c":2.5},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(DoubleType.Default, stats, c => c.GreaterThan(100.0)).Should().BeFalse();
        PrunerKit.CanSkip(DoubleType.Default, stats, c => c.LessThan(1.5)).Should().BeTrue();
        string confused = """{"numRecords":3,"minValues":{"c":"NaN"},"maxValues":{"c":"NaN"},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(DoubleType.Default, confused, c => c.LessThan(1.5)).Should().BeFalse();
        string half = """{"numRecords":3,"minValues":{"c":7},"maxValues":{"c":"NaN"},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(FloatType.Default, half, c => c.LessThan(1.5)).Should().BeFalse();
    }

    [Fact]
    public void Signs_of_zero_are_one_number()
    {
        string stats = """{"numRecords":3,"minValues":{"c":0.0},"maxValues":{"c":5.0},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(DoubleType.Default, stats, c => c.LessThanOrEqualTo(-0.0)).Should().BeFalse();
        PrunerKit.CanSkip(DoubleType.Default, stats, c => c.LessThan(0.0)).Should().BeTrue();
    }

    [Theory]
    [InlineData("12.50", "12.5", false)]
    [InlineData("1.25E1", "12.5", false)]
    [InlineData("1250e-2", "12.5", false)]
    [InlineData("\"12.5\"", "12.5", false)]
    [InlineData("12.50", "12.51", true)]
    [InlineData("12.501", "12.51", false)]
    [InlineData("1e-200", "12.51", false)]
    [InlineData("1e999999999999", "12.51", false)]
    public void Decimals_are_read_exactly_or_not_at_all(string bound, string value, bool skipped)
    {
        string stats = $$$"""{"numRecords":3,"minValues":{"c":{{{bound}}}},"maxValues":{"c":{{{bound}}}},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(new Decimal128Type(10, 2), stats, c => c.EqualTo(decimal.Parse(value))).Should().Be(skipped);
    }

    [Fact]
    public void Decimals_that_passed_through_a_double_are_given_room()
    {
        // 12345678901234567890.12 as the double some writers keep.
        string stats = """{"numRecords":1,"minValues":{"c":12345678901234567000.0},"maxValues":{"c":12345678901234567000.0},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(new Decimal128Type(22, 2), stats, c => c.EqualTo(12345678901234567890.12m)).Should().BeFalse();
        PrunerKit.CanSkip(new Decimal128Type(22, 2), stats, c => c.EqualTo(12345678901234600000.00m)).Should().BeTrue();
    }

    [Fact]
    public void Bounds_of_types_the_format_keeps_none_for_are_not_read()
    {
        string stats = """{"numRecords":3,"minValues":{"c":"a"},"maxValues":{"c":"a"},"nullCount":{"c":0}}""";
        PrunerKit.CanSkip(BinaryType.Default, stats, c => c.EqualTo(new byte[] { 200 })).Should().BeFalse();
        PrunerKit.CanSkip(StringType.Default, stats, c => c.EqualTo("b")).Should().BeTrue();
        PrunerKit.CanSkip(StringType.Default, stats.Replace("\"a\"", "7"), c => c.EqualTo("b")).Should().BeFalse();
    }

    [Fact]
    public void Partition_values_are_exact_and_empty_ones_are_null()
    {
        Schema schema = new([new Field("p", Date32Type.Default, true), new Field("c", Int64Type.Default, true)], null);
        Delta.Snapshots.Snapshot table = PrunerKit.Table(schema, ["p"]);
        Delta.Actions.AddFile file = PrunerKit.File(null) with { PartitionValues = new Dictionary<string, string?> { ["p"] = "2024-02-29" } };
        Delta.Actions.AddFile missing = PrunerKit.File(null);

        new FilterPruner(Filter.Column("p").EqualTo(new DateOnly(2024, 2, 29)), table).CanSkip(file).Should().BeFalse();
        new FilterPruner(Filter.Column("p").NotEqualTo(new DateOnly(2024, 2, 29)), table).CanSkip(file).Should().BeTrue();
        new FilterPruner(Filter.Column("p").IsNull(), table).CanSkip(file).Should().BeTrue();
        new FilterPruner(Filter.Column("p").IsNull(), table).CanSkip(missing).Should().BeFalse();
        new FilterPruner(Filter.Column("p").IsNotNull() | Filter.Column("c").EqualTo(1), table).CanSkip(missing).Should().BeFalse();
        new FilterPruner(Filter.Column("p").IsNotNull() & Filter.Column("c").EqualTo(1), table).CanSkip(missing).Should().BeTrue();
    }

    [Fact]
    public void A_damaged_partition_value_is_reported()
    {
        Schema schema = new([new Field("p", Int32Type.Default, true), new Field("c", Int64Type.Default, true)], null);
        FilterPruner pruner = new(Filter.Column("p").EqualTo(1), PrunerKit.Table(schema, ["p"]));
        FluentActions.Invoking(() => pruner.CanSkip(PrunerKit.File(null) with { PartitionValues = new Dictionary<string, string?> { ["p"] = "one" } }))
            .Should().Throw<CorruptTableException>().WithMessage("*'one'*p*");
    }
}
