using Lakehouse.Incremental.Benchmarks.Measure;

namespace Lakehouse.Incremental.Benchmarks.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(1, 4)]
    public void Percentiles_are_interpolated(double share, double expected) =>
        Statistics.Percentile([4, 1, 3, 2], share).Should().Be(expected);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void The_exponent_of_a_power_is_found(double exponent) =>
        Statistics.Exponent([.. new[] { 1e6, 6e6, 6e7 }.Select(x => (x, 3 * Math.Pow(x, exponent)))]).Should().BeApproximately(exponent, 1e-9);

    [Fact]
    public void One_point_has_no_exponent() => Statistics.Exponent([(1, 1)]).Should().Be(double.NaN);
}
