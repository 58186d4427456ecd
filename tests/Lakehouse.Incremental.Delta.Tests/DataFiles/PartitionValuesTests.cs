using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class PartitionValuesTests
{
    public static TheoryData<string> Types =>
        [.. RandomRows.AllPrimitives.Where(static type => type != PrimitiveType.Void).Select(static type => type.ToString()!)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Values_of_every_type_come_back_from_their_text(string typeName)
    {
        IArrowType type = ArrowTypeOf(typeName);
        Gen.Int[0, 1_000_000].Sample(
            seed =>
            {
                IArrowArray values = type is BinaryType ? Utf8(seed) : RandomRows.Array(type, 20, new Random(seed), 0.1);
                for (int row = 0; row < 20; row++)
                {
                    string? text = PartitionValues.Serialize(values, row);
                    IArrowArray column = PartitionValues.Materialize(text, new Field("p", type, true), 3);
                    column.Length.Should().Be(3);
                    string expected = Cells.Cell(values, row) is "''" or "x" ? "null" : Cells.Cell(values, row);
                    Cells.Cell(column, 2).Should().Be(expected, text);
                }
            },
            iter: 50);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused_because_the_log_would_change_them()
    {
        TestTable table = new(new StructType([new StructField("id", PrimitiveType.Long), new StructField("p", PrimitiveType.Binary)]), ["p"]);
        IArrowArray bytes = ConstantArray.Create(BinaryType.Default, new byte[] { 0x61, 0xFF }, 2);
        RecordBatch rows = new(table.Snapshot.Schema, [ConstantArray.Create(Int64Type.Default, 1L, 2), bytes], 2);
        InvalidRowsException error = (await FluentActions.Awaiting(() => table.WriteAsync(rows)).Should().ThrowAsync<InvalidRowsException>()).Which;
        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.LossyCast, 2L));
        error.Message.Should().Contain("partition column p");
        (await table.PathsAsync()).Should().BeEmpty();
    }

    private static IArrowArray Utf8(int seed)
    {
        ArrayData text = RandomRows.Array(StringType.Default, 20, new Random(seed), 0.1).Data;
        return ArrowArrayFactory.BuildArray(new ArrayData(BinaryType.Default, text.Length, text.NullCount, text.Offset, text.Buffers, text.Children));
    }

    [Theory]
    [InlineData("date", "2020-02-29", "day 18321")]
    [InlineData("date", "0001-01-01", "day -719162")]
    [InlineData("date", "-0001-12-31", "day -719529")]
    [InlineData("date", "+10000-01-01", "day 2932897")]
    [InlineData("timestamp", "2020-01-01 00:00:00", "at 1577836800000000 UTC")]
    [InlineData("timestamp", "2020-01-01T00:00:00.5Z", "at 1577836800500000 UTC")]
    [InlineData("timestamp", "2020-01-01T02:00:00.000001+02:00", "at 1577836800000001 UTC")]
    [InlineData("timestamp_ntz", "1969-12-31 23:59:59.999999", "at -1 ")]
    [InlineData("boolean", "true", "True")]
    [InlineData("decimal(18,18)", "0E-18", "0.000000000000000000")]
    [InlineData("decimal(9,4)", "1.5", "1.5000")]
    [InlineData("decimal(9,4)", "-15E-1", "-1.5000")]
    [InlineData("decimal(9,4)", "1.50000000", "1.5000")]
    [InlineData("decimal(9,4)", "12E3", "12000.0000")]
    [InlineData("binary", "\u0001\u0002ÿ", "x0102C3BF")]
    public void Text_of_other_writers_is_understood(string typeName, string text, string expected)
    {
        Cells.Cell(PartitionValues.Materialize(text, new Field("p", ArrowTypeOf(typeName), true), 1), 0).Should().Be(expected);
    }

    [Theory]
    [InlineData("integer", "x")]
    [InlineData("byte", "300")]
    [InlineData("date", "2021-02-30")]
    [InlineData("date", "yesterday")]
    [InlineData("timestamp", "2021-01-01 25:00:00")]
    [InlineData("timestamp", "2021-01-01 noon")]
    [InlineData("decimal(9,4)", "1.23456")]
    [InlineData("decimal(9,4)", "1E90")]
    [InlineData("boolean", "yes")]
    public void Text_that_is_no_value_is_a_damaged_log(string typeName, string text)
    {
        Action read = () => PartitionValues.Materialize(text, new Field("p", ArrowTypeOf(typeName), true), 1);
        read.Should().Throw<CorruptTableException>().Which.Message.Should().Contain("column p").And.Contain(text);
    }

    [Fact]
    public void Directories_are_escaped_as_Hive_does()
    {
        PartitionValues.Directory([new("a", "x:y/z=%"), new("b", null), new("ü", "q r")]).Should()
            .Be("a=x%3Ay%2Fz%3D%25/b=__HIVE_DEFAULT_PARTITION__/ü=q r/");
    }

    private static IArrowType ArrowTypeOf(string name)
    {
        string field = $$$"""{"name":"p","type":"{{{name}}}","nullable":true,"metadata":{}}""";
        return ArrowSchemas.ToArrow(SchemaJson.Parse($$"""{"type":"struct","fields":[{{field}}]}""")).GetFieldByIndex(0).DataType;
    }
}
