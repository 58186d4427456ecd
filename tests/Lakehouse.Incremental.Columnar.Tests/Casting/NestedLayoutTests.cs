using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Casting;

public class NestedLayoutTests
{
    private static readonly ListType Shorts = new(new Field("element", Int16Type.Default, true));

    [Fact]
    public void Struct_fields_are_found_by_name_and_missing_ones_are_null()
    {
        StructType from = new([new Field("b", Int64Type.Default, true), new Field("a", StringType.Default, true)]);
        StructType to = new([new Field("a", StringType.Default, true), new Field("new", Shorts, true), new Field("b", Int16Type.Default, true)]);
        IArrowArray source = ModelArrays.Build(from, [new object?[] { 1L, "x" }, null, new object?[] { 1L << 40, null }], padding: 3);

        CastResult result = LosslessCast.Cast(source, to);

        Naive.Texts(result.Array).Should().Equal("[\"x\",∅,1]", "∅", "[∅,∅,∅]");
        result.Failed.Should().Equal(false, false, true);
    }

    [Fact]
    public void What_lies_under_a_null_struct_or_list_cannot_fail()
    {
        StructType from = new([new Field("a", Int64Type.Default, true)]);
        StructType to = new([new Field("a", Int8Type.Default, true)]);
        ListType longs = new(new Field("element", Int64Type.Default, true));

        // The leftover values of the builder do not fit into the target.
        LosslessCast.Cast(ModelArrays.Build(from, [null, new object?[] { 1L }], padding: 2), to).FailedRows.Should().Be(0);
        LosslessCast.Cast(ModelArrays.Build(longs, [null, new object?[] { 1L }], padding: 2), Shorts).FailedRows.Should().Be(0);
    }

    [Fact]
    public void A_field_that_the_target_lacks_is_refused()
    {
        StructType from = new([new Field("a", Int64Type.Default, true), new Field("A", Int64Type.Default, true)]);

        LosslessCast.CanCast(from, new StructType([new Field("a", Int64Type.Default, true)])).Should().BeFalse("a value would be lost");
    }

    [Fact]
    public void Lists_of_any_layout_become_plain_and_fail_where_an_element_does()
    {
        Field element = new("item", Int32Type.Default, true);
        ArrayData numbers = ModelArrays.Build(Int32Type.Default, [1, 2, 3, null, 70000, 6], padding: 1).Data;
        IArrowArray large = ArrowArrayFactory.BuildArray(new ArrayData(
            new LargeListType(element), 3, 1, 1, [new ArrowBuffer(new byte[] { 0b1011 }), ScalarCastTests.Longs(0, 1, 3, 4, 6)], [numbers]));
        IArrowArray fixedSize = ArrowArrayFactory.BuildArray(
            new ArrayData(new FixedSizeListType(element, 2), 2, 0, 1, [ArrowBuffer.Empty], [numbers]));
        ListType longs = new(new Field("item", Int64Type.Default, true));
        IArrowArray plain = ModelArrays.Build(longs, [new object?[] { 1L, null }, null, new object?[] { }], padding: 2);

        Cast(large).Should().Be("[2,3] ∅ [∅,6] failed 2");
        Cast(fixedSize).Should().Be("[3,∅] [∅,6] failed 1");
        Cast(plain).Should().Be("[1,∅] ∅ []");

        static string Cast(IArrowArray source)
        {
            CastResult result = LosslessCast.Cast(source, Shorts);
            return string.Join(" ", Naive.Texts(result.Array)) + (result.FailedRows > 0 ? " failed " + result.FirstFailedRow : "");
        }
    }

    [Fact]
    public void A_dictionary_inside_of_a_list_is_decoded()
    {
        DictionaryType type = new(Int8Type.Default, StringType.Default, false);
        Int8Array indices = new Int8Array.Builder().Append(1).Append(0).Append(1).Build();
        DictionaryArray words = new(type, indices, new StringArray.Builder().Append("a").Append("b").Build());
        ArrowBuffer offsets = new(new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0 });
        IArrowArray source = ArrowArrayFactory.BuildArray(new ArrayData(
            new ListType(new Field("item", type, true)), 2, 0, 0, [ArrowBuffer.Empty, offsets], [words.Data]));

        IArrowArray result = LosslessCast.Cast(source, new ListType(new Field("element", StringType.Default, true))).Array;

        Naive.Texts(result).Should().Equal("[\"b\"]", "[\"a\",\"b\"]");
    }

    [Fact]
    public void Maps_convert_by_position_and_fail_where_a_key_or_value_does()
    {
        MapType from = new(new Field("keys", Int64Type.Default, false), new Field("values", Int64Type.Default, true));
        MapType to = new(new Field("key", Int8Type.Default, false), new Field("value", Int8Type.Default, true));
        object?[] rows =
        [
            new object?[] { new object?[] { 1L, 2L } },
            new object?[] { new object?[] { 1000L, 2L } },
            null,
            new object?[] { new object?[] { 1L, null }, new object?[] { 2L, 1000L } },
        ];

        CastResult result = LosslessCast.Cast(ModelArrays.Build(from, rows, padding: 2), to);

        result.Failed.Should().Equal(false, true, false, true);
        Naive.Texts(result.Array)[0].Should().Be("[[1,2]]");
        Naive.Texts(result.Array)[2].Should().Be("∅");
        result.Array.Data.DataType.Should().BeSameAs(to);
    }

    [Fact]
    public void A_map_with_values_of_another_layout_converts()
    {
        ArrayData keys = ModelArrays.Build(Int32Type.Default, [1, 2]).Data;
        ArrowBuffer text = new("xy"u8.ToArray());
        ArrayData values = new(LargeStringType.Default, 2, 0, 0, [ArrowBuffer.Empty, ScalarCastTests.Longs(0, 1, 2), text], []);
        MapType from = new(new Field("key", Int32Type.Default, false), new Field("value", LargeStringType.Default, true));
        ArrayData entries = new(from.Fields[0].DataType, 2, 0, 0, [ArrowBuffer.Empty], [keys, values]);
        IArrowArray source = ArrowArrayFactory.BuildArray(new ArrayData(
            from, 1, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(new byte[] { 0, 0, 0, 0, 2, 0, 0, 0 })], [entries]));

        MapType to = new(new Field("key", Int64Type.Default, false), new Field("value", StringType.Default, true));

        CastResult result = LosslessCast.Cast(source, to);

        Naive.Texts(result.Array).Should().Equal("[[1,\"x\"],[2,\"y\"]]");
    }
}
