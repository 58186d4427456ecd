using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

public sealed class ParsedColumnsTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Statistics_of_every_type_become_the_text_of_the_protocol()
    {
        IArrowArray bounds = Struct(
            ("b", ConstantArray.Create(BooleanType.Default, true, 1)),
            ("i", ConstantArray.Create(Int32Type.Default, -5, 1)),
            ("f", ConstantArray.Create(DoubleType.Default, 1.5, 1)),
            ("nan", ConstantArray.Create(DoubleType.Default, double.NaN, 1)),
            ("s", ConstantArray.Create(StringType.Default, "a\"b", 1)),
            ("d", ConstantArray.Create(Date32Type.Default, 1, 1)),
            ("t", ConstantArray.Create(new TimestampType(TimeUnit.Microsecond, "UTC"), 1_000_001L, 1)),
            ("n", ConstantArray.Create(new TimestampType(TimeUnit.Microsecond, (string?)null), 1L, 1)),
            ("m", ConstantArray.Create(new Decimal128Type(10, 2), (Int128)12345, 1)),
            ("none", ConstantArray.Create(StringType.Default, null, 1)),
            ("list", NullArrays.Create(new ListType(StringType.Default), 1)),
            ("inner", Struct(("x", ConstantArray.Create(Int64Type.Default, 7L, 1)))));
        await PutAsync(Struct(
            ("path", ConstantArray.Create(StringType.Default, "a", 1)),
            ("size", ConstantArray.Create(Int64Type.Default, 1L, 1)),
            ("stats_parsed", Struct(
                ("minValues", bounds),
                ("numRecords", ConstantArray.Create(Int64Type.Default, 3L, 1)),
                ("tightBounds", ConstantArray.Create(BooleanType.Default, false, 1))))));

        AddFile add = (AddFile)(await CheckpointKit.ReadAsync(_storage, "c")).Single();

        add.Stats.Should().Be(
            """{"numRecords":3,"minValues":{"b":true,"i":-5,"f":1.5,"nan":"NaN","s":"a\u0022b","d":"1970-01-02","t":"1970-01-01T00:00:01.000001Z","n":"1970-01-01T00:00:00.000001","m":123.45,"inner":{"x":7}},"tightBounds":false}""");
    }

    [Fact]
    public async Task The_text_goes_before_the_columns()
    {
        await PutAsync(Struct(
            ("path", ConstantArray.Create(StringType.Default, "a", 1)),
            ("stats", ConstantArray.Create(StringType.Default, """{"numRecords":2}""", 1)),
            ("partitionValues_parsed", Struct(("p", ConstantArray.Create(Date32Type.Default, 1, 1)), ("q", ConstantArray.Create(Int32Type.Default, null, 1)))),
            ("stats_parsed", Struct(("numRecords", ConstantArray.Create(Int64Type.Default, 3L, 1))))));

        AddFile add = (AddFile)(await CheckpointKit.ReadAsync(_storage, "c")).Single();

        add.Stats.Should().Be("""{"numRecords":2}""");
        add.PartitionValues.Should().BeEquivalentTo(new Dictionary<string, string?> { ["p"] = "1970-01-02", ["q"] = null });
    }

    private async Task PutAsync(IArrowArray add)
    {
        Schema schema = new([new Field("add", add.Data.DataType, true)], null);
        await ParquetFiles.WriteAsync(_storage, "c", schema, [new RecordBatch(schema, [add], 1)], CancellationToken.None);
    }

    private static IArrowArray Struct(params (string Name, IArrowArray Values)[] fields)
    {
        StructType type = new([.. fields.Select(static f => new Field(f.Name, f.Values.Data.DataType, true))]);
        return ArrowArrayFactory.BuildArray(new ArrayData(type, 1, 0, 0, [ArrowBuffer.Empty], [.. fields.Select(static f => f.Values.Data)]));
    }
}
