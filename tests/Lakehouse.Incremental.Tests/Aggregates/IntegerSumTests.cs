using System.Numerics;
using CsCheck;
using Lakehouse.Incremental.Aggregates;

namespace Lakehouse.Incremental.Tests.Aggregates;

public sealed class IntegerSumTests
{
    private static readonly Gen<Int128> AnyValue = Gen.OneOf(
        Gen.Long.Select(v => (Int128)v),
        Gen.Select(Gen.ULong, Gen.ULong).Select((high, low) => new Int128(high, low)),
        Pick.From(Int128.MaxValue, Int128.MinValue, Int128.Zero, 1, -1, Int128.One << 125, -(Int128.One << 125), (Int128.One << 125) - 1));

    [Fact]
    public void The_sum_is_that_of_unbounded_integers() => Gen.Select(AnyValue, Gen.Bool).List[0, 60].Sample(
        steps =>
        {
            IntegerSum sum = new(7);
            BigInteger expected = 7;
            foreach ((Int128 value, bool add) in steps)
            {
                sum.Add(value, add ? 1 : -1);
                expected += add ? (BigInteger)value : -(BigInteger)value;
            }

            return sum.Value == expected;
        },
        iter: 3000);
}
