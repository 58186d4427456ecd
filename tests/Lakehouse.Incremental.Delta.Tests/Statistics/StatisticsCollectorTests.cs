using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Tests.Statistics;

public sealed class StatisticsCollectorTests
{
    [Fact]
    public void Columns_have_bounds_by_their_type()
    {
        Collect(
            ("long", Int64Type.Default, [5L, null, -3L]),
            ("decimal", new Decimal128Type(38, 2), [Int128.Parse("-12345678901234567890123456789012345678"), (Int128)5, null]),
            ("string", StringType.Default, ["b", "ä", "a\"\n"]),
            ("date", Date32Type.Default, [0, -1, 20_000]),
            ("instant", new TimestampType(TimeUnit.Microsecond, "UTC"), [-1L, 1_700_000_000_123_999L, null]),
            ("wall", new TimestampType(TimeUnit.Microsecond, (string?)null), [-1000L, 1_700_000_000_123_999L, null]),
            ("bool", BooleanType.Default, [true, null, false]),
            ("binary", BinaryType.Default, [new byte[] { 1 }, null, null]))
            .Should().Be("""
                {"numRecords":3,
                "minValues":{"long":-3,"decimal":-123456789012345678901234567890123456.78,"string":"a\u0022\n","date":"1969-12-31",
                "instant":"1969-12-31T23:59:59.999Z","wall":"1969-12-31T23:59:59.999"},
                "maxValues":{"long":5,"decimal":0.05,"string":"\u00E4","date":"2024-10-04",
                "instant":"2023-11-14T22:13:20.123Z","wall":"2023-11-14T22:13:20.123"},
                "nullCount":{"long":1,"decimal":1,"string":0,"date":0,"instant":1,"wall":1,"bool":1,"binary":2}}
                """.Replace("\n", ""));
    }

    [Fact]
    public void No_rows_have_no_bounds()
    {
        Collect(("a", Int64Type.Default, []), ("b", StringType.Default, [])).Should()
            .Be("""{"numRecords":0,"minValues":{},"maxValues":{},"nullCount":{"a":0,"b":0}}""");
        Collected.Stats([], new Schema([new Field("a", DoubleType.Default, true)], null), Properties()).Should()
            .Be("""{"numRecords":0,"minValues":{},"maxValues":{},"nullCount":{"a":0}}""");
    }

    [Fact]
    public void Empty_arrays_without_buffers_are_read()
    {
        StringArray bare = new(new ArrayData(StringType.Default, 0, 0, 0, [ArrowBuffer.Empty, ArrowBuffer.Empty, ArrowBuffer.Empty]));
        Schema schema = new([new Field("a", StringType.Default, true)], null);
        Collected.Stats([new RecordBatch(schema, [bare], 0)], schema, Properties()).Should().Contain("\"numRecords\":0");
    }

    [Fact]
    public void Batches_and_slices_count_together()
    {
        Schema schema = new([new Field("a", Int64Type.Default, true), new Field("s", StringType.Default, true)], null);
        RecordBatch batch = Batch(schema, [9L, 1L, null, 3L], ["z", "b", null, "c"]);
        JsonObject stats = Parse(Collected.Stats([batch.Slice(1, 2), batch.Slice(3, 1), batch.Slice(0, 0)], schema, Properties()));
        stats.ToJsonString().Should().Be("""{"numRecords":3,"minValues":{"a":1,"s":"b"},"maxValues":{"a":3,"s":"c"},"nullCount":{"a":1,"s":1}}""");
    }

    [Fact]
    public void A_NaN_or_an_infinity_takes_the_bounds()
    {
        JsonObject stats = Parse(Collect(
            ("nan", DoubleType.Default, [1.0, double.NaN, 2.0]),
            ("infinite", FloatType.Default, [1f, float.NegativeInfinity, 2f]),
            ("plain", FloatType.Default, [0.1f, -0f, null])));
        stats["minValues"]!.AsObject().Select(static entry => entry.Key).Should().Equal("plain");
        stats["maxValues"]!["plain"]!.GetValue<double>().Should().Be(0.1f);
        stats["minValues"]!["plain"]!.GetValue<double>().Should().Be(0);
        stats["nullCount"]!.ToJsonString().Should().Be("""{"nan":0,"infinite":0,"plain":1}""");
    }

    [Fact]
    public void Fields_of_structs_have_their_own_and_share_the_nulls_of_the_struct()
    {
        Field[] fields = [new Field("x", Int64Type.Default, true), new Field("l", new ListType(Int64Type.Default), true)];
        StructType type = new(fields);
        IArrowArray x = Column(Int64Type.Default, [7L, 1L, null]);
        ArrayData nested = new(type, 3, 1, 0, [new ArrowBuffer(new byte[] { 0b101 })], [x.Data, NullArrays.Create(fields[1].DataType, 3).Data]);
        Schema schema = new([new Field("s", type, true)], null);
        RecordBatch batch = new(schema, [ArrowArrayFactory.BuildArray(nested)], 3);

        Collected.Stats([batch], schema, Properties()).Should()
            .Be("""{"numRecords":3,"minValues":{"s":{"x":7}},"maxValues":{"s":{"x":7}},"nullCount":{"s":{"x":2,"l":3}}}""");
    }

    [Theory]
    [InlineData("delta.dataSkippingNumIndexedCols", "1", "a")]
    [InlineData("delta.dataSkippingNumIndexedCols", "0", "")]
    [InlineData("delta.dataSkippingNumIndexedCols", "-1", "a,b,c")]
    [InlineData("delta.dataSkippingStatsColumns", "c, B", "b,c")]
    [InlineData("delta.dataSkippingStatsColumns", "`a`,nothing", "a")]
    public void Properties_say_which_columns_count(string key, string value, string columns)
    {
        Schema schema = new([new Field("a", Int64Type.Default, true), new Field("b", Int64Type.Default, true), new Field("c", Int64Type.Default, true)], null);
        JsonObject stats = Parse(Collected.Stats([Batch(schema, [1L], [1L], [null])], schema, Properties((key, value))));
        string.Join(',', stats["nullCount"]!.AsObject().Select(static entry => entry.Key)).Should().Be(columns);
    }

    [Fact]
    public void Each_leaf_takes_one_of_the_first_columns()
    {
        Schema schema = new([.. Enumerable.Range(0, 40).Select(static i => new Field($"c{i}", Int64Type.Default, true))], null);
        RecordBatch batch = Batch(schema, [.. Enumerable.Repeat<object?[]>([1L], 40)]);
        Parse(Collected.Stats([batch], schema, Properties()))["nullCount"]!.AsObject().Count.Should().Be(32);
    }

    [Fact]
    public void The_ends_of_a_type_do_not_wrap()
    {
        JsonObject stats = Parse(Collect(
            ("instant", new TimestampType(TimeUnit.Microsecond, "UTC"), [long.MinValue, long.MaxValue]),
            ("long", Int64Type.Default, [long.MinValue, long.MaxValue]),
            ("decimal", new Decimal128Type(38, 0), [Int128.Parse("-99999999999999999999999999999999999999"), Int128.Parse("99999999999999999999999999999999999999")])));
        stats["minValues"]!.ToJsonString().Should().Be("""{"long":-9223372036854775808,"decimal":-99999999999999999999999999999999999999}""");
        stats["maxValues"]!["instant"]!.GetValue<string>().Should().StartWith("+294247-");
    }

    [Fact]
    public void Bytes_that_are_no_text_have_no_bounds()
    {
        StringArray broken = new(1, new ArrowBuffer(new byte[] { 0, 0, 0, 0, 1, 0, 0, 0 }), new ArrowBuffer(new byte[] { 0xFF }), ArrowBuffer.Empty);
        Schema schema = new([new Field("a", StringType.Default, true)], null);
        Collected.Stats([new RecordBatch(schema, [broken], 1)], schema, Properties()).Should()
            .Be("""{"numRecords":1,"minValues":{},"maxValues":{},"nullCount":{"a":0}}""");
    }

    private static string Collect(params (string Name, IArrowType Type, object?[] Values)[] columns)
    {
        Schema schema = new([.. columns.Select(static column => new Field(column.Name, column.Type, true))], null);
        return Collected.Stats([Batch(schema, [.. columns.Select(static column => column.Values)])], schema, Properties());
    }

    private static RecordBatch Batch(Schema schema, params object?[][] columns) =>
        new(schema, columns.Select((values, i) => Column(schema.GetFieldByIndex(i).DataType, values)), columns[0].Length);

    private static IArrowArray Column(IArrowType type, object?[] values) =>
        ConcatKernel.Concat(type, [.. values.Select(value => ConstantArray.Create(type, value, 1))]);

    private static TableProperties Properties(params (string Key, string Value)[] entries) =>
        new(entries.ToDictionary(static entry => entry.Key, static entry => entry.Value));

    private static JsonObject Parse(string stats) => JsonNode.Parse(stats)!.AsObject();
}
