using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Storage;
using ParquetSharp;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class ParquetProjectionTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Columns_come_by_name_and_missing_ones_are_null()
    {
        RecordBatch written = RandomRows.Batch(Of(("a", PrimitiveType.Long), ("b", PrimitiveType.String), ("c", PrimitiveType.Date)), 30, 1);
        RecordBatch read =
            await ThroughFileAsync(written, Of(("c", PrimitiveType.Date), ("new", new ArrayType(PrimitiveType.String)), ("a", PrimitiveType.Long)));
        Cells.Rows(read).Should()
            .Equal(Enumerable.Range(0, 30).Select(row => $"{Cells.Cell(written.Column(2), row)} | null | {Cells.Cell(written.Column(0), row)}"));
    }

    [Fact]
    public async Task Names_that_only_look_the_same_are_different_columns()
    {
        RecordBatch written =
            RandomRows.Batch(Of(("a\u00AD", PrimitiveType.Integer), ("A", PrimitiveType.Integer), ("a", PrimitiveType.Integer)), 30, 1);
        RecordBatch read = await ThroughFileAsync(written, Of(("a", PrimitiveType.Integer)));
        Cells.Rows(read).Should().Equal(Enumerable.Range(0, 30).Select(row => Cells.Cell(written.Column(2), row)));
    }

    [Fact]
    public async Task A_file_may_spell_names_in_another_case()
    {
        DataType Nested(string name) => new ArrayType(new StructType([new StructField(name, PrimitiveType.Long), new StructField("y", PrimitiveType.String)]));
        RecordBatch written = RandomRows.Batch(Of(("ID", PrimitiveType.Long), ("l", Nested("X")), ("b", PrimitiveType.String)), 30, 1);
        RecordBatch read = await ThroughFileAsync(written, Of(("b", PrimitiveType.String), ("Id", PrimitiveType.Long), ("l", Nested("x"))));
        Cells.Rows(read).Should().Equal(Enumerable.Range(0, 30).Select(row =>
            $"{Cells.Cell(written.Column(2), row)} | {Cells.Cell(written.Column(0), row)} | {Cells.Cell(written.Column(1), row)}"));
    }

    [Fact]
    public async Task Of_names_in_two_other_cases_none_is_taken()
    {
        RecordBatch written = RandomRows.Batch(Of(("ID", PrimitiveType.Long), ("id", PrimitiveType.Long), ("b", PrimitiveType.Long)), 30, 1);
        RecordBatch read = await ThroughFileAsync(written, Of(("Id", PrimitiveType.Long), ("b", PrimitiveType.Long)));
        Cells.Rows(read).Should().OnlyContain(static row => row.StartsWith("null | ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_columns_that_the_file_lacks_still_have_its_rows()
    {
        RecordBatch written = RandomRows.Batch(Of(("a", PrimitiveType.Long)), 30, 1);
        RecordBatch read = await ThroughFileAsync(written, Of(("new", PrimitiveType.String)));
        Cells.Rows(read).Should().HaveCount(30).And.OnlyContain(static row => row == "null");
    }

    [Theory]
    [InlineData("byte", "integer")]
    [InlineData("short", "long")]
    [InlineData("integer", "long")]
    [InlineData("float", "double")]
    public async Task Narrower_types_of_the_file_are_widened(string narrow, string wide)
    {
        DataType from = RandomRows.AllPrimitives.Single(type => type.ToString() == narrow);
        DataType to = RandomRows.AllPrimitives.Single(type => type.ToString() == wide);
        RecordBatch written = RandomRows.Batch(Of(("a", from), ("l", new ArrayType(from))), 50, 2);
        RecordBatch read = await ThroughFileAsync(written, Of(("a", to), ("l", new ArrayType(to))));
        Cells.Rows(read).Select(Plain).Should().Equal(Cells.Rows(written).Select(Plain));

        string Plain(string row) =>
            narrow != "float" ? row : System.Text.RegularExpressions.Regex.Replace(row, "[fd][0-9A-F]+", static match => match.Value[0] == 'f'
            ? $"{(double)BitConverter.UInt32BitsToSingle(Convert.ToUInt32(match.Value[1..], 16))}"
            : $"{BitConverter.UInt64BitsToDouble(Convert.ToUInt64(match.Value[1..], 16))}");
    }

    [Fact]
    public async Task Nested_fields_are_left_out_or_null_at_any_depth()
    {
        StructType InFile(int more) => new([new StructField("x", PrimitiveType.Long),
            .. more == 0 ? [] : new[] { new StructField("gone", Nest(more - 1)) }, new StructField("y", PrimitiveType.String)]);
        DataType Nest(int more) => new Delta.Schemas.MapType(PrimitiveType.String, new ArrayType(InFile(more)));
        StructType wanted = new([new StructField("y", PrimitiveType.String), new StructField("new", PrimitiveType.Date)]);
        Schema file = Of(("s", InFile(1)), ("m", new Delta.Schemas.MapType(PrimitiveType.String, InFile(1))), ("l", new ArrayType(InFile(1))),
            ("alone", InFile(0)));
        Schema table = Of(("s", wanted), ("m", new Delta.Schemas.MapType(PrimitiveType.String, wanted)), ("l", new ArrayType(wanted)),
            ("alone", new StructType([wanted.Fields[1]])));
        RecordBatch written = RandomRows.Batch(file, 60, 4);
        RecordBatch read = await ThroughFileAsync(written, table);
        for (int row = 0; row < 60; row++)
        {
            Cells.Cell(read.Column(0), row).Should().Be(Narrow((StructArray)written.Column(0), row));
            MapArray map = (MapArray)written.Column(1);
            Cells.Cell(read.Column(1), row).Should().Be(map.IsNull(row) ? "null" : "{" + string.Join(", ", Range(map.ValueOffsets, row)
                .Select(i => $"{Cells.Cell(map.Keys, i)}: {Narrow((StructArray)map.Values, i)}")) + "}");
            ListArray list = (ListArray)written.Column(2);
            Cells.Cell(read.Column(2), row).Should().Be(list.IsNull(row) ? "null" : "[" + string.Join(", ", Range(list.ValueOffsets, row)
                .Select(i => Narrow((StructArray)list.Values, i))) + "]");
            Cells.Cell(read.Column(3), row).Should().Be(written.Column(3).IsNull(row) ? "null" : "(null)");
        }

        static string Narrow(StructArray array, int row) => array.IsNull(row) ? "null" : $"({Cells.Cell(array.Fields[^1], row)}, null)";
    }

    [Fact]
    public async Task Timestamps_of_96_bits_are_instants_nested_ones_as_well()
    {
        long[] micros = [0, -1, 1_700_000_000_123_456, new DateTime(1850, 1, 1).Ticks / 10 - (DateTime.UnixEpoch.Ticks / 10),
            new DateTime(2500, 1, 1).Ticks / 10 - (DateTime.UnixEpoch.Ticks / 10)];
        Schema schema = Of(("t", PrimitiveType.Timestamp), ("s", new StructType([new StructField("t", PrimitiveType.Timestamp)])));
        using MemoryStream stream = new();
        Write(stream, [.. micros.Select(ToInt96)]);
        await _storage.PutAsync("f", stream.ToArray());
        RecordBatch read = await ParquetFiles.ReadAllAsync(_storage, "f", schema, CancellationToken.None);
        Cells.Rows(read).Should().Equal(micros.Select(static value => $"at {value} UTC | (at {value} UTC)"));

        static Int96 ToInt96(long value)
        {
            long day = Math.DivRem(value, 86_400_000_000, out long rest);
            (day, rest) = rest < 0 ? (day - 1, rest + 86_400_000_000) : (day, rest);
            return new Int96((int)(rest * 1000), (int)((rest * 1000) >> 32), (int)day + 2_440_588);
        }
    }

    [Fact]
    public async Task A_column_of_another_type_is_a_damaged_file()
    {
        RecordBatch written = RandomRows.Batch(Of(("a", PrimitiveType.String)), 30, 1);
        Func<Task> read = () => ThroughFileAsync(written, Of(("a", PrimitiveType.Long)));
        (await read.Should().ThrowAsync<CorruptTableException>()).Which.Message.Should().Contain("column a").And.Contain("dir/f");
    }

    private async Task<RecordBatch> ThroughFileAsync(RecordBatch batch, Schema wanted)
    {
        await ParquetFiles.WriteAsync(_storage, "dir/f", batch.Schema, [batch], CancellationToken.None);
        RecordBatch read = await ParquetFiles.ReadAllAsync(_storage, "dir/f", wanted, CancellationToken.None);
        read.Schema.FieldsList.Select(static field => field.Name).Should().Equal(wanted.FieldsList.Select(static field => field.Name));
        return read;
    }

    /// <summary>Columns <c>t</c> and <c>s.t</c> of 96-bit timestamps, as old Spark writes them.</summary>
    private static void Write(Stream stream, Int96[] values)
    {
        using ParquetSharp.Schema.PrimitiveNode outer = new("t", Repetition.Required, LogicalType.None(), PhysicalType.Int96);
        using ParquetSharp.Schema.PrimitiveNode inner = new("t", Repetition.Required, LogicalType.None(), PhysicalType.Int96);
        using ParquetSharp.Schema.GroupNode group = new("s", Repetition.Required, [inner]);
        using ParquetSharp.Schema.GroupNode root = new("schema", Repetition.Required, [outer, group]);
        using WriterProperties properties = WriterProperties.GetDefaultWriterProperties();
        using ParquetFileWriter file = new(stream, root, properties, leaveOpen: true);
        using RowGroupWriter rows = file.AppendRowGroup();
        for (int i = 0; i < 2; i++)
        {
            using ColumnWriter<Int96> column = (ColumnWriter<Int96>)rows.NextColumn();
            column.WriteBatch(values);
        }

        rows.Close();
        file.Close();
    }

    private static IEnumerable<int> Range(ReadOnlySpan<int> offsets, int row) => Enumerable.Range(offsets[row], offsets[row + 1] - offsets[row]);

    private static Schema Of(params (string Name, DataType Type)[] fields) =>
        ArrowSchemas.ToArrow(new StructType([.. fields.Select(static field => new StructField(field.Name, field.Type))]));
}
