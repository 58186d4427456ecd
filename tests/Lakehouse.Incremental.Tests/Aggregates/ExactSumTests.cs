using System.Globalization;
using System.Numerics;
using CsCheck;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Tests.Aggregates;

public sealed class ExactSumTests
{
    /// <summary>All bit patterns, near extremes, and values that cancel or tie.</summary>
    internal static readonly Gen<double> AnyDouble = Gen.OneOf(
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble),
        Pick.From(
            0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, double.NaN, double.PositiveInfinity,
            double.NegativeInfinity, 2.2250738585072014E-308, 2.225073858507201E-308, 0.1, -0.1, 1e16, -1e16, 1.0, 4.5e15),
        Gen.Int[-1000, 1000].Select(i => i / 8.0),
        Gen.Select(Gen.Int[-1074, 1023], Gen.Bool).Select((e, negative) => (negative ? -1 : 1) * Math.ScaleB(1, e)),
        Gen.Double[-1e6, 1e6]);

    internal static readonly Gen<double> AnyFinite = AnyDouble.Where(double.IsFinite);

    [Fact]
    public void A_sum_is_the_exact_one_rounded_once() => AnyDouble.List[0, 40].Sample(
        values => Same(Of(values).ToDouble(), RationalOracle.Sum(values)), iter: 3000, print: Script);

    [Fact]
    public void A_float_sum_is_the_exact_one_rounded_once_to_a_float() => Gen.OneOf(
        Gen.UInt.Select(BitConverter.UInt32BitsToSingle).Where(float.IsFinite),
        Pick.From(float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 16777216f, 1f, -1f, 1.1754944E-38f)).List[0, 30].Sample(
        values =>
        {
            ExactSum sum = Of([.. values.Select(v => (double)v)]);
            float expected = RationalOracle.NearestSingle(values.Aggregate(BigInteger.Zero, (s, v) => s + RationalOracle.Units(v)));
            return Same(sum.ToSingle(), expected);
        },
        iter: 3000);

    [Fact]
    public void A_float_is_not_rounded_by_way_of_a_double()
    {
        // 1 + 2^-24 is a tie between two floats, and what lies above it is lost in a double.
        ExactSum sum = Of([1, Math.ScaleB(1, -24), Math.ScaleB(1, -80)]);
        sum.ToSingle().Should().Be(MathF.BitIncrement(1f));
        ((float)sum.ToDouble()).Should().Be(1f, "so the test tells the difference");
    }

    [Fact]
    public void Order_grouping_and_retraction_do_not_show() => Gen.Select(AnyDouble.List[0, 25], AnyDouble.List[0, 25], Gen.Int).Sample(
        (kept, retracted, seed) =>
        {
            List<(double Value, int Sign)> steps =
                [.. kept.Select(v => (v, 1)), .. retracted.Select(v => (v, 1)), .. retracted.Select(v => (v, -1))];
            ExactSum sum = new();
            foreach ((double value, int sign) in Shuffled(steps, seed))
            {
                sum.Add(value, sign);
            }

            return sum.Serialize().AsSpan().SequenceEqual(Of(kept).Serialize()) && Same(sum.ToDouble(), Of(kept).ToDouble());
        },
        iter: 3000);

    [Fact]
    public void Serialised_sums_go_on_as_if_they_had_stayed() => Gen.Select(AnyDouble.List[0, 20], AnyDouble.List[0, 20]).Sample(
        (first, second) =>
        {
            ExactSum restored = ExactSum.Deserialize(Of(first).Serialize());
            bool same = Same(restored.ToDouble(), Of(first).ToDouble());
            foreach (double value in second)
            {
                restored.Add(value, 1);
            }

            return same && restored.Serialize().AsSpan().SequenceEqual(Of([.. first, .. second]).Serialize());
        },
        iter: 3000);

    [Fact]
    public void Settling_the_carries_in_between_changes_nothing() => AnyFinite.List[1, 30].Sample(
        values =>
        {
            ExactSum settled = new();
            foreach (double value in values)
            {
                settled.Add(value, 1);
                _ = settled.Serialize();
            }

            return settled.Serialize().AsSpan().SequenceEqual(Of(values).Serialize());
        },
        iter: 2000);

    [Theory]
    [InlineData(double.MaxValue, double.MaxValue, double.PositiveInfinity)]
    [InlineData(double.MinValue, double.MinValue, double.NegativeInfinity)]
    [InlineData(double.Epsilon, double.Epsilon, 2 * double.Epsilon)]
    [InlineData(1, double.Epsilon, 1)]
    [InlineData(-1, double.Epsilon, -1)]
    [InlineData(9007199254740992, 1, 9007199254740992)]
    [InlineData(9007199254740994, 1, 9007199254740996)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, double.NaN)]
    [InlineData(double.NaN, double.PositiveInfinity, double.NaN)]
    public void Edges(double a, double b, double expected) => Same(Of([a, b]).ToDouble(), expected).Should().BeTrue();

    [Fact]
    public void What_overflows_in_between_comes_back()
    {
        Of([double.MaxValue, double.MaxValue, -double.MaxValue]).ToDouble().Should().Be(double.MaxValue);
        Of([double.MaxValue, Math.ScaleB(1, 969)]).ToDouble().Should().Be(double.MaxValue, "less than half a step above");
        Of([double.MaxValue, Math.ScaleB(1, 970)]).ToDouble().Should().Be(double.PositiveInfinity, "half a step above, and the greatest is odd");
    }

    [Fact]
    public void Retracting_the_last_special_value_brings_the_finite_sum_back()
    {
        ExactSum sum = Of([1.5, double.NaN, double.PositiveInfinity]);
        sum.ToDouble().Should().Be(double.NaN);
        sum.Add(double.NaN, -1);
        sum.ToDouble().Should().Be(double.PositiveInfinity);
        sum.Add(double.PositiveInfinity, -1);
        sum.ToDouble().Should().Be(1.5);
        sum.IsUnderflown.Should().BeFalse();
        sum.Add(double.PositiveInfinity, -1);
        sum.IsUnderflown.Should().BeTrue();
    }

    [Fact]
    public void Cancelled_sums_are_positive_zero_and_one_byte()
    {
        ExactSum sum = Of([1e300, -1e300, -0.0, 5e-324, -5e-324]);
        BitConverter.DoubleToInt64Bits(sum.ToDouble()).Should().Be(0);
        sum.Serialize().Should().Equal(0);
    }

    [Fact]
    public void A_common_sum_is_short() => Of([.. Enumerable.Range(0, 1000).Select(i => i * 0.01)]).Serialize().Length.Should().BeLessThan(24);

    [Fact]
    public void Foreign_bytes_are_refused()
    {
        foreach (byte[] bytes in (byte[][])[[], [0, 200, 1, 1, 0, 0, 0, 0], [0, 0, 4, 1, 0], [2, 1]])
        {
            Action read = () => ExactSum.Deserialize(bytes);
            read.Should().Throw<CorruptTableException>().Which.ErrorCode.Should().Be(ErrorCodes.CorruptFile);
        }
    }

    internal static bool Same(double a, double b) =>
        double.IsNaN(a) ? double.IsNaN(b) : BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static ExactSum Of(IReadOnlyList<double> values)
    {
        ExactSum sum = new();
        foreach (double value in values)
        {
            sum.Add(value, 1);
        }

        return sum;
    }

    private static List<T> Shuffled<T>(List<T> items, int seed)
    {
        Random random = new(seed);
        T[] array = [.. items];
        random.Shuffle(array);
        return [.. array];
    }

    private static string Script(List<double> values) =>
        "Of([" + string.Join(", ", values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))) + "])";
}
