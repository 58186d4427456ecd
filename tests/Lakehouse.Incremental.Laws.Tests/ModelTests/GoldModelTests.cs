using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.ModelTests;

/// <summary>The recount that Gold is measured against.</summary>
public sealed class GoldModelTests
{
    private static readonly GoldLayout ByFirst = new([0], [(GoldMeasure.Sum, 1), (GoldMeasure.Min, 1), (GoldMeasure.Max, 1)]);

    [Fact]
    public void Groups_are_canonical_and_nulls_are_one_group() => Texts.Of(GoldModel.Recount(
        ByFirst,
        [[0d, 1d], [-0d, 2d], [double.NaN, 1d], [-double.NaN, null], [null, null], [null, null]])).Should().Equal(Texts.Of(
        [[0d, 2L, 3d, 1d, 2d], [double.NaN, 2L, 1d, 1d, 1d], [null, 2L, null, null, null]]));

    [Fact]
    public void Nothing_grouped_by_nothing_is_one_row() =>
        GoldModel.Recount(new GoldLayout([], [(GoldMeasure.Sum, 1)]), []).Should().ContainSingle().Which.Should().Equal(0L, null);

    [Theory]
    [InlineData(new[] { 1e100, 1, -1e100 }, 1)]
    [InlineData(new[] { 0.1, 0.2, 0.3 }, 0.6)]
    [InlineData(new[] { double.MaxValue, double.MaxValue, -double.MaxValue }, double.MaxValue)]
    [InlineData(new[] { double.MaxValue, double.MaxValue }, double.PositiveInfinity)]
    [InlineData(new[] { double.Epsilon, double.Epsilon }, 1e-323)]
    [InlineData(new[] { 9007199254740992d, 1 }, 9007199254740992d)]
    [InlineData(new[] { 9007199254740994d, 1 }, 9007199254740996d)]
    [InlineData(new[] { double.PositiveInfinity, 1 }, double.PositiveInfinity)]
    [InlineData(new[] { double.PositiveInfinity, double.NegativeInfinity }, double.NaN)]
    [InlineData(new[] { -0d }, 0)]
    public void A_sum_of_doubles_is_the_double_nearest_to_the_true_sum(double[] values, double sum) => ExactSum.OfDoubles(values).Should().Be(sum);

    [Fact]
    public void A_sum_of_floats_is_rounded_once()
    {
        // By way of a double it would be 16777216 + 1 + tiny = 16777217, which is then a tie, and go down to the even 16777216.
        ExactSum.OfFloats([16_777_216f, 1f, 1e-30f]).Should().Be(16_777_218f);
        ExactSum.OfFloats([float.MaxValue, float.MaxValue]).Should().Be(float.PositiveInfinity);
    }

    [Fact]
    public void G23_the_minimum_after_retractions() =>
        new double[][] { [3, 3, 5], [3, 5], [5] }
            .Select(values => GoldModel.Recount(new GoldLayout([], [(GoldMeasure.Min, 0)]), [.. values.Select(v => (object?[])[v])])[0][1])
            .Should().Equal(3d, 3d, 5d);
}
