using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Aggregates;

namespace Lakehouse.Incremental.Tests.Aggregates;

public sealed class ExtremeAccumulatorTests
{
    private static readonly Gen<List<long>> Values = Gen.Long[0, 40].List[0, 30];

    [Fact]
    public void It_knows_the_extreme_and_its_copies_or_says_that_it_does_not() => Gen.Select(Values, Values, Gen.Int, Gen.Bool).Sample(
        (former, added, seed, greatest) =>
        {
            ExtremeAccumulator extreme = Remembering(former, greatest);
            List<long> all = [.. former, .. added];
            AddAll(extreme, added, 1);
            long[] retracted = [.. all];
            new Random(seed).Shuffle(retracted);
            retracted = retracted[..(all.Count / 2)];
            AddAll(extreme, retracted, -1);
            foreach (long value in retracted)
            {
                all.Remove(value);
            }

            bool right = !extreme.IsUnderflown && extreme.Values == all.Count;
            if (!extreme.IsDirty)
            {
                long best = all.Count == 0 ? 0 : greatest ? all.Max() : all.Min();
                right &= all.Count == 0
                    ? extreme.Best is null && extreme.Copies == 0
                    : Value(extreme.Best!) == best && extreme.Copies == all.Count(v => v == best);
            }

            return right;
        },
        iter: 5000);

    [Fact]
    public void Without_a_retraction_of_what_was_remembered_it_is_never_dirty() => Gen.Select(Values, Values, Gen.Bool).Sample(
        (former, passing, greatest) =>
        {
            ExtremeAccumulator extreme = Remembering(former, greatest);
            long copies = extreme.Copies;
            List<long> few = [.. passing.Take(7)];
            AddAll(extreme, few, 1);
            AddAll(extreme, few, -1);
            return !extreme.IsDirty && extreme.Copies == copies && extreme.Values == former.Count;
        },
        iter: 3000);

    [Fact]
    public void Retracting_the_last_copy_makes_it_dirty_and_other_values_do_not()
    {
        ExtremeAccumulator greatest = Remembering([1, 5, 9, 9], greatest: true);
        AddAll(greatest, [9, 1], -1);
        (greatest.IsDirty, greatest.Copies).Should().Be((false, 1));
        AddAll(greatest, [9], -1);
        (greatest.IsDirty, greatest.Best).Should().Be((true, null));
        AddAll(greatest, [5], -1);
        (greatest.IsDirty, greatest.Values).Should().Be((false, 0));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(9)]
    public void Retracting_what_was_never_there_is_seen(long value)
    {
        ExtremeAccumulator greatest = Remembering([9], greatest: true);
        AddAll(greatest, [value, value], -1);
        greatest.IsUnderflown.Should().BeTrue();
    }

    [Fact]
    public void A_not_a_number_is_above_infinity()
    {
        ExtremeAccumulator greatest = new(greatest: true);
        ExtremeAccumulator least = new(greatest: false);
        DoubleArray array = new DoubleArray.Builder().AppendRange([double.PositiveInfinity, double.NaN, -0.0, 0.0, double.NegativeInfinity]).Build();
        MeasureInput input = Open(array);
        for (int row = 0; row < array.Length; row++)
        {
            greatest.Add(input, row, 1);
            least.Add(input, row, 1);
        }

        greatest.Best!.Row.Should().Be(1);
        least.Best!.Row.Should().Be(4);
    }

    [Fact]
    public void Held_values_outlive_their_batch()
    {
        ExtremeAccumulator greatest = new(greatest: true);
        MeasureInput input = Open(Longs([3, 7, 5]));
        for (int row = 0; row < 3; row++)
        {
            greatest.Add(input, row, 1);
        }

        input.Detach();
        greatest.Best!.Source.Should().NotBeSameAs(input.Array);
        greatest.Best.Source.Length.Should().Be(3);
        Value(greatest.Best).Should().Be(7);
    }

    /// <summary>As after a commit: only the extreme is remembered.</summary>
    private static ExtremeAccumulator Remembering(List<long> values, bool greatest)
    {
        ExtremeAccumulator extreme = new(greatest);
        if (values.Count > 0)
        {
            long best = greatest ? values.Max() : values.Min();
            extreme.Restore(values.Count, values.Count(v => v == best), Open(Longs([best])), 0);
        }

        return extreme;
    }

    private static void AddAll(ExtremeAccumulator extreme, IReadOnlyList<long> values, int sign)
    {
        MeasureInput input = Open(Longs(values));
        for (int row = 0; row < values.Count; row++)
        {
            extreme.Add(input, row, sign);
        }
    }

    private static long Value(ExtremeValue value) => ((Int64Array)value.Source).GetValue(value.Row)!.Value;

    private static Int64Array Longs(IEnumerable<long> values) => new Int64Array.Builder().AppendRange(values).Build();

    private static MeasureInput Open(IArrowArray array) =>
        new(new RecordBatch(new Schema([new Field("v", array.Data.DataType, true)], null), [array], array.Length), 0, ordered: true);
}
