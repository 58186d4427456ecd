using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class NullCheckTests
{
    private static readonly Field Required = new("x", Int64Type.Default, false);

    [Fact]
    public void A_field_that_may_be_null_is_not_counted()
    {
        NullCheck.CountForbidden(Longs(1, null), new Field("x", Int64Type.Default, true)).Should().Be(0);
    }

    [Fact]
    public void A_required_field_counts_its_nulls_also_in_a_slice()
    {
        Int64Array array = Longs(null, 1, null, null, 5);
        NullCheck.CountForbidden(array, Required).Should().Be(3);
        NullCheck.CountForbidden(ArrowArrayFactory.BuildArray(array.Data.Slice(1, 2)), Required).Should().Be(1);
    }

    [Fact]
    public void A_required_field_of_a_struct_counts_only_where_the_struct_is_there()
    {
        StructType type = new([Required]);
        StructArray array = new(type, 3, [Longs(null, null, 3)], Bits(false, true, true), 1);
        NullCheck.CountForbidden(array, new Field("s", type, true)).Should().Be(1);
        NullCheck.CountForbidden(array, new Field("s", type, false)).Should().Be(2);
        NullCheck.CountForbidden(ArrowArrayFactory.BuildArray(array.Data.Slice(1, 2)), new Field("s", type, true)).Should().Be(1);
    }

    [Fact]
    public void Required_elements_of_a_list_count_only_where_the_list_is_there()
    {
        ListType type = new(new Field("element", Int64Type.Default, false));
        ArrowBuffer offsets = new(new[] { 0, 2, 3, 5 }.SelectMany(BitConverter.GetBytes).ToArray());
        ListArray array = new(type, 3, offsets, Longs(1, null, null, null, 5), Bits(true, false, true), 1);
        NullCheck.CountForbidden(array, new Field("l", type, true)).Should().Be(2);
        NullCheck.CountForbidden(ArrowArrayFactory.BuildArray(array.Data.Slice(1, 2)), new Field("l", type, true)).Should().Be(1);
    }

    [Fact]
    public void Required_values_of_a_map_are_counted()
    {
        MapType type = new(new Field("key", Int64Type.Default, false), new Field("value", Int64Type.Default, false));
        StructArray entries = new(new StructType([type.KeyField, type.ValueField]), 2, [Longs(1, 2), Longs(null, 4)], ArrowBuffer.Empty, 0);
        ArrowBuffer offsets = new(new[] { 0, 2 }.SelectMany(BitConverter.GetBytes).ToArray());
        MapArray array = new(type, 1, offsets, entries, ArrowBuffer.Empty, 0);
        NullCheck.CountForbidden(array, new Field("m", type, true)).Should().Be(1);
    }

    private static Int64Array Longs(params long?[] values)
    {
        Int64Array.Builder builder = new();
        foreach (long? value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }

    private static ArrowBuffer Bits(params bool[] values)
    {
        ArrowBuffer.BitmapBuilder builder = new();
        foreach (bool value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }
}
