using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Text;

public sealed class CellTextTests
{
    [Fact]
    public void A_cell_reads_as_its_value_at_any_depth_and_in_any_slice() =>
        ArrowGen.AnyArray.Sample(a => a.Array.Texts().Should().Equal(a.Texts), iter: 500, print: a => a.ToString());

    [Theory]
    [InlineData(5, 2, "0.05")]
    [InlineData(-5, 2, "-0.05")]
    [InlineData(-12345, 2, "-123.45")]
    [InlineData(0, 3, "0.000")]
    [InlineData(7, 0, "7")]
    public void Decimals_keep_their_scale_and_sign(int unscaled, int scale, string text) => CellText.Decimal(unscaled, scale).Should().Be(text);

    [Fact]
    public void The_least_and_the_greatest_decimal_have_a_text()
    {
        Int128 greatest = Int128.Parse("99999999999999999999999999999999999999");
        CellText.Decimal(greatest, 38).Should().Be("0.99999999999999999999999999999999999999");
        CellText.Decimal(-greatest, 0).Should().Be("-99999999999999999999999999999999999999");
    }

    [Fact]
    public void Dates_and_times_that_the_CLR_does_not_know_are_shown_as_numbers()
    {
        Cells.Array(Date32Type.Default, 2_932_897, -719_163).Texts().Should().Equal("2932897 d", "-719163 d");
        Cells.Array(new TimestampType(TimeUnit.Microsecond, "UTC"), long.MinValue, long.MaxValue).Texts()
            .Should().Equal("-9223372036854775808 µs", "9223372036854775807 µs");
    }
}
