using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Casting;

public sealed class NestedCastTests
{
    [Fact]
    public void Casting_a_canonical_array_to_its_own_type_changes_nothing() =>
        ArrowGen.AnyArray.Sample(
            a =>
            {
                CastResult result = LosslessCast.Cast(a.Array, a.Type);
                result.Failed.Should().BeNull();
                result.Array.Texts().Should().Equal(a.Texts);
            },
            iter: 300,
            print: a => a.ToString());

    [Fact]
    public void A_failure_inside_of_a_list_marks_the_row_that_holds_it()
    {
        IArrowType from = ArrowGen.List(Int64Type.Default);
        object?[] values = [new List<object?> { 1L }, null, new List<object?>(), new List<object?> { 2L, 1L << 40 }, new List<object?> { 3L, null }];
        string[] expected = ["[1]", "null", "[]", CastCheck.Failed, "[3, null]"];
        CastCheck.Run("list", Cells.Array(from, values), ArrowGen.List(Int32Type.Default), expected);
        CastCheck.Run("slice of a list", Cells.Slice(from, values, 5, 2), ArrowGen.List(Int32Type.Default), expected);
    }

    [Fact]
    public void What_lies_under_a_null_cannot_fail()
    {
        // The junk of Cells under nulls is 77, too great for one digit.
        IArrowType from = ArrowGen.List(Int64Type.Default);
        CastCheck.Run("list", Cells.Array(from, null, new List<object?> { 1L }), ArrowGen.List(new Decimal128Type(1, 0)), ["null", "[1]"]);
        CastCheck.Run("struct", Cells.Array(ArrowGen.Struct(Int64Type.Default), [null, new object?[] { 1L }]),
            ArrowGen.Struct(new Decimal128Type(1, 0)), ["null", "{f0: 1}"]);
        CastCheck.Run("scalar", Cells.Array(Int64Type.Default, null, 1L), new Decimal128Type(1, 0), ["null", "1"]);
    }

    [Fact]
    public void A_failure_in_any_field_of_a_struct_marks_its_row()
    {
        IArrowType from = ArrowGen.Struct(Int64Type.Default, ArrowGen.List(Int64Type.Default));
        IArrowType to = ArrowGen.Struct(Int32Type.Default, ArrowGen.List(Int32Type.Default));
        List<object?> good = [1L];
        List<object?> bad = [1L << 40];
        object?[] values = [new object?[] { 1L, good }, new object?[] { 1L << 40, good }, new object?[] { 1L, bad }, null,
            new object?[] { null, null }];
        string[] expected = ["{f0: 1, f1: [1]}", CastCheck.Failed, CastCheck.Failed, "null", "{f0: null, f1: null}"];
        CastCheck.Run("struct", Cells.Array(from, values), to, expected);
        CastCheck.Run("slice of a struct", Cells.Slice(from, values, 3, 1), to, expected);
    }

    [Fact]
    public void A_field_that_the_struct_lacks_is_null_and_fields_are_found_by_name()
    {
        StructType from = new([new Field("b", StringType.Default, true), new Field("a", Int8Type.Default, true)]);
        StructType to = new([new Field("a", Int64Type.Default, true), new Field("missing", ArrowGen.List(DoubleType.Default), true),
            new Field("b", StringType.Default, true)]);
        object?[] values = [new object?[] { "x", (sbyte)1 }, null];
        CastCheck.Run("struct", Cells.Slice(from, values, 2, 2), to, ["{a: 1, missing: null, b: x}", "null"]);
    }

    [Fact]
    public void Keys_and_values_of_maps_convert_and_fail_by_row()
    {
        IArrowType from = ArrowGen.Map(Int8Type.Default, Int64Type.Default);
        object?[] values = [Map((sbyte)1, 2L), null, Map((sbyte)3, 1L << 40), new List<object?>()];
        string[] expected = ["{{key: 1, value: 2}}", "null", CastCheck.Failed, "{}"];
        CastCheck.Run("map", Cells.Array(from, values), ArrowGen.Map(Int32Type.Default, Int32Type.Default), expected);
        CastCheck.Run("slice of a map", Cells.Slice(from, values, 2, 1), ArrowGen.Map(Int32Type.Default, Int32Type.Default), expected);
    }

    [Fact]
    public void The_entries_of_a_map_may_have_other_names()
    {
        MapType from = new(new Field("key_value",
            new StructType([new Field("keys", StringType.Default, false), new Field("values", Int32Type.Default, true)]), false), false);
        CastCheck.Run("map", Cells.Array(from, [Map("a", 1)]), ArrowGen.Map(StringType.Default, Int64Type.Default), ["{{key: a, value: 1}}"]);
    }

    [Fact]
    public void Keys_and_values_of_maps_may_have_any_layout()
    {
        DictionaryType type = new(Int8Type.Default, StringType.Default, false);
        DictionaryArray keys = new(type, Cells.Array(Int8Type.Default, (sbyte)1, (sbyte)0), Cells.Array(StringType.Default, "x", "y"));
        LargeStringArray values = new LargeStringArray.Builder().Append("one").AppendNull().Build();
        MapType from = new(new Field("key", type, false), new Field("value", LargeStringType.Default, true), false);
        ArrayData entries = new(from.Fields[0].DataType, 2, 0, 0, [ArrowBuffer.Empty], [keys.Data, values.Data]);
        IArrowArray map = ArrowArrayFactory.BuildArray(new ArrayData(from, 2, 0, 0, [ArrowBuffer.Empty, Offsets(0, 1, 2)], [entries]));
        CastCheck.Run("map", map, ArrowGen.Map(StringType.Default, StringType.Default), ["{{key: y, value: one}}", "{{key: x, value: null}}"]);
        CastCheck.Run("slice of a map", ArrowArrayFactory.BuildArray(map.Data.Slice(1, 1)), ArrowGen.Map(StringType.Default, StringType.Default),
            ["{{key: x, value: null}}"]);
    }

    [Fact]
    public void Elements_of_lists_may_be_dictionaries()
    {
        DictionaryType type = new(Int8Type.Default, StringType.Default, false);
        DictionaryArray elements = new(type, Cells.Array(Int8Type.Default, (sbyte)1, null, (sbyte)0), Cells.Array(StringType.Default, "x", "y"));
        IArrowArray list = ArrowArrayFactory.BuildArray(new ArrayData(ArrowGen.List(type), 2, 0, 0, [ArrowBuffer.Empty, Offsets(0, 2, 3)],
            [elements.Data]));
        CastCheck.Run("list", list, ArrowGen.List(StringType.Default), ["[y, null]", "[x]"]);
        CastCheck.Run("slice of a list", ArrowArrayFactory.BuildArray(list.Data.Slice(1, 1)), ArrowGen.List(StringType.Default), ["[x]"]);
    }

    [Fact]
    public void Lists_of_fixed_size_become_lists()
    {
        FixedSizeListType type = new(new Field("item", Int32Type.Default, true), 2);
        ArrayData data = new(type, 3, 1, 0, [new ArrowBuffer(new byte[] { 0b101 })], [Cells.Array(Int32Type.Default, 1, null, 9, 9, 3, 4).Data]);
        CastCheck.Run("fixed size list", ArrowArrayFactory.BuildArray(data), ArrowGen.List(Int64Type.Default), ["[1, null]", "null", "[3, 4]"]);
        CastCheck.Run("slice", ArrowArrayFactory.BuildArray(data.Slice(1, 2)), ArrowGen.List(Int64Type.Default), ["null", "[3, 4]"]);
    }

    [Fact]
    public void Lists_of_lists_of_large_texts_become_plain_ones()
    {
        LargeStringArray texts = new LargeStringArray.Builder().Append("a").Append("b").AppendNull().Build();
        ArrayData inner = new(ArrowGen.List(LargeStringType.Default), 2, 0, 0, [ArrowBuffer.Empty, Offsets(0, 2, 3)], [texts.Data]);
        IArrowArray outer = ArrowArrayFactory.BuildArray(new ArrayData(ArrowGen.List(inner.DataType), 2, 0, 0,
            [ArrowBuffer.Empty, Offsets(0, 0, 2)], [inner]));
        CastCheck.Run("lists", outer, ArrowGen.List(ArrowGen.List(StringType.Default)), ["[]", "[[a, b], [null]]"]);
    }

    [Fact]
    public void Results_stay_valid_when_the_source_is_disposed_and_collected()
    {
        IArrowArray[] results = Cast();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        results.SelectMany(r => r.Texts()).Should().Equal("1", "null", "1", "null", "x", "x");

        static IArrowArray[] Cast()
        {
            using Int32Array source = new Int32Array.Builder().Append(1).AppendNull().Build(new Apache.Arrow.Memory.NativeMemoryAllocator());
            using LargeStringArray text = new LargeStringArray.Builder().Append("x").Build();
            using StringArray plain = new StringArray.Builder().Append("x").Build(new Apache.Arrow.Memory.NativeMemoryAllocator());
            return
            [
                LosslessCast.Cast(source, Int64Type.Default).Array,
                LosslessCast.Cast(source, Int32Type.Default).Array,
                LosslessCast.Cast(text, StringType.Default).Array,
                LosslessCast.Cast(plain, StringType.Default).Array,
            ];
        }
    }

    private static List<object?> Map(object key, object? value) => [new object?[] { key, value }];

    private static ArrowBuffer Offsets(params int[] offsets) => new(System.Runtime.InteropServices.MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray());
}
