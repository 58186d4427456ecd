using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.ModelTests;

/// <summary>Equality and order of values in the model.</summary>
public sealed class CanonicalTests
{
    [Fact]
    public void Values_ascend_as_the_rules_say()
    {
        object?[][] ascending =
        [
            [null, "", "\0", "a", "a\0", "b", "é", "\uFFFD", "\U0001F600"],
            [null, double.NegativeInfinity, -1.5, -double.Epsilon, 0d, double.Epsilon, double.PositiveInfinity, double.NaN],
            [null, float.NegativeInfinity, 0f, float.PositiveInfinity, float.NaN],
            [null, Array.Empty<byte>(), new byte[] { 0 }, new byte[] { 0, 0 }, new byte[] { 0, 255 }, new byte[] { 255 }],
            [null, -1m, 0m, 0.0000000001m, 1m],
            [null, false, true],
            [null, new DateOnly(1969, 12, 31), new DateOnly(1970, 1, 1)],
        ];
        foreach (object?[] values in ascending)
        {
            for (int i = 0; i < values.Length; i++)
            {
                for (int j = 0; j < values.Length; j++)
                {
                    int order = Math.Sign(Canonical.Compare(values[i], values[j]));
                    order.Should().Be(i.CompareTo(j), $"{Literal.Of(values[i])} and {Literal.Of(values[j])}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0d, -0d, true)]
    [InlineData(double.NaN, -double.NaN, true)]
    [InlineData(0f, -0f, true)]
    [InlineData("null", null, false)]
    [InlineData("", null, false)]
    [InlineData(1d, 1.0000000000000002d, false)]
    public void Text_is_equal_exactly_when_values_are(object? left, object? right, bool equal)
    {
        (Canonical.Text([left]) == Canonical.Text([right])).Should().Be(equal);
        (Canonical.Compare(left, right) == 0).Should().Be(equal);
    }

    [Fact]
    public void Decimals_are_equal_whatever_their_scale() => Canonical.Text([1.50m]).Should().Be(Canonical.Text([1.5m]));
}
