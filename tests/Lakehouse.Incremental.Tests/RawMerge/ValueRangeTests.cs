using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Tests.RawMerge;

public sealed class ValueRangeTests
{
    private static readonly Gen<int?> s_value = Gen.Int[-9, 12].Select(static value => value > 9 ? (int?)null : value);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_value_in_the_range_is_found_and_no_other(bool isAskedOften) =>
        (from values in s_value.Array[0, 12]
         from least in s_value
         from greatest in s_value
         from texts in Gen.Bool
         select (values, least, greatest, texts)).Sample(c =>
         {
             ValueRange range = new(Array(c.values, c.texts), isAskedOften);

             range.HasBetween(Encoded(c.least, c.texts), Encoded(c.greatest, c.texts)).Should().Be(
                 c.values.Any(value => value is not null && !(value < c.least) && !(value > c.greatest)));
         });

    [Fact]
    public void A_bound_of_another_width_bounds_nothing() =>
        new ValueRange(Array([5], texts: false), isAskedOften: false).HasBetween([1, 2], [1, 2]).Should().BeTrue();

    private static IArrowArray Array(int?[] values, bool texts)
    {
        if (texts)
        {
            StringArray.Builder builder = new();
            builder.AppendRange(values.Select(static value => value is null ? null : $"value {value + 10:00}"));
            return builder.Build();
        }

        Int64Array.Builder numbers = new();
        foreach (int? value in values)
        {
            numbers.Append(value);
        }

        return numbers.Build();
    }

    private static byte[]? Encoded(int? value, bool texts)
    {
        if (value is null)
        {
            return null;
        }

        IArrowArray array = Array([value], texts);
        RecordBatch batch = new(new Schema([new Field("v", array.Data.DataType, true)], null), [array], 1);
        return new RowEncoder([array.Data.DataType]).Encode(batch, [0])[0].ToArray();
    }
}
