using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Statistics;
using Microsoft.Extensions.Logging.Abstractions;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class DataFileWriterTests
{
    private static readonly StructType Plain = new([new StructField("id", PrimitiveType.Long), new StructField("p", PrimitiveType.String)]);

    [Fact]
    public async Task Rows_are_cut_into_files_in_their_order()
    {
        TestTable table = new(Plain, maxRowsPerFile: 40);
        RecordBatch rows = RandomRows.Batch(table.Snapshot.Schema, 100, 1);
        IReadOnlyList<AddFile> files = await table.WriteAsync(SliceKernel.Slice(rows, 0, 33), SliceKernel.Slice(rows, 33, 67));
        files.Select(static file => StatisticsJson.NumRecords(file.Stats)).Should().Equal(40, 40, 20);
        files.Select(static file => file.Path[..11]).Should().Equal("part-00000-", "part-00001-", "part-00002-");
        files.Should().OnlyContain(static file => file.Path.EndsWith(".c000.zstd.parquet") && file.DataChange && file.PartitionValues.Count == 0);
        List<string> read = [];
        foreach (AddFile file in files)
        {
            file.Size.Should().Be((await table.Storage.StatAsync(file.Path))!.Size);
            read.AddRange(Cells.Rows((await table.ReadAsync(file)).Select(static part => part.Batch)));
        }

        read.Should().Equal(Cells.Rows(rows));
    }

    [Fact]
    public async Task No_rows_make_no_files()
    {
        TestTable table = new(Plain, ["p"]);
        (await table.WriteAsync()).Should().BeEmpty();
        (await table.WriteAsync(RandomRows.Batch(table.Snapshot.Schema, 0, 1))).Should().BeEmpty();
        (await table.PathsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Partitions_get_directories_of_their_values()
    {
        TestTable table = new(Plain, ["p"]);
        IReadOnlyList<AddFile> files = await table.WriteAsync(Rows(table.Snapshot.Schema, "a:b", null, "a b", "", "ü%", "a:b", ".."));
        files.Select(static file => (file.Path[..file.Path.LastIndexOf('/')], file.PartitionValues["p"], StatisticsJson.NumRecords(file.Stats)))
            .Should().BeEquivalentTo(new (string, string?, long?)[]
        {
            ("p=..", "..", 1), ("p=__HIVE_DEFAULT_PARTITION__", null, 1), ("p=__HIVE_DEFAULT_PARTITION__", null, 1),
            ("p=a%20b", "a b", 1), ("p=a%253Ab", "a:b", 2), ("p=%C3%BC%2525", "ü%", 1),
        });
        (await table.PathsAsync()).Should().Contain(static path => path.StartsWith("p=ü%25/part-"))
            .And.Contain(static path => path.StartsWith("p=a%3Ab/part-"));
        foreach (AddFile file in files)
        {
            RecordBatch read = (await table.ReadAsync(file)).Single().Batch;
            Enumerable.Range(0, read.Length).Select(row => ((StringArray)read.Column(1)).GetString(row)).Should()
                .OnlyContain(value => value == file.PartitionValues["p"]);
        }
    }

    [Fact]
    public async Task Rows_of_any_schema_come_back_from_their_partitions()
    {
        await Gen.Select(RandomRows.Schemas(2), Gen.Int[0, 40], Gen.Int[0, 1_000_000], Gen.Bool).SampleAsync(
            (schema, rows, seed, cached) => AnyPartitionsAsync(schema, rows, seed, cached),
            iter: 100,
            threads: 1,
            print: static t => $"{SchemaJson.Write(t.Item1)}, rows {t.Item2}, seed {t.Item3}, cached {t.Item4}");
    }

    [Fact]
    public async Task Nulls_where_none_may_be_are_refused_before_anything_is_written()
    {
        StructField required = new("r", PrimitiveType.Long, Nullable: false);
        TestTable table = new(new StructType([new StructField("id", PrimitiveType.Long),
            new StructField("l", new ArrayType(new StructType([required]))), required with { Name = "top" }]), maxRowsPerFile: 1);
        RecordBatch good = RandomRows.Batch(table.Snapshot.Schema, 10, 1);
        Schema loose = ArrowSchemas.ToArrow(new StructType([new StructField("id", PrimitiveType.Long),
            new StructField("l", new ArrayType(new StructType([required with { Nullable = true }]))), required with { Name = "top" }]));
        RecordBatch nested = RandomRows.Batch(loose, 50, 2, 0.5);
        RecordBatch top = new(table.Snapshot.Schema, [good.Column(0), good.Column(1), NullArrays.Create(good.Column(2).Data.DataType, 10)], 10);
        foreach (RecordBatch bad in new[] { top, new RecordBatch(table.Snapshot.Schema,
            nested.Arrays.Select((column, i) => LosslessCast.Cast(column, good.Column(i).Data.DataType).Array), 50) })
        {
            Func<Task> write = () => table.WriteAsync(good, bad);
            (await write.Should().ThrowAsync<InvalidRowsException>()).Which.ErrorCode.Should().Be(ErrorCodes.NotNullViolation);
            (await table.PathsAsync()).Should().BeEmpty();
        }

        (await table.WriteAsync(good)).Should().HaveCount(10);
    }

    [Fact]
    public async Task An_empty_text_is_no_value_of_a_required_partition_column()
    {
        TestTable table =
            new(new StructType([new StructField("id", PrimitiveType.Long), new StructField("p", PrimitiveType.String, Nullable: false)]), ["p"]);
        Func<Task> write = () => table.WriteAsync(Rows(table.Snapshot.Schema, "a", ""));
        (await write.Should().ThrowAsync<InvalidRowsException>()).Which.ErrorCode.Should().Be(ErrorCodes.NotNullViolation);
        (await table.PathsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Changes_lie_apart_with_their_type()
    {
        TestTable table = new(Plain, ["p"]);
        RecordBatch rows = Rows(table.Snapshot.Schema, "x", "y");
        Schema schema = new([.. rows.Schema.FieldsList, new Field("_change_type", Apache.Arrow.Types.StringType.Default, false)], null);
        RecordBatch changes = new(schema, [.. rows.Arrays, new StringArray.Builder().Append("insert").Append("delete").Build()], 2);
        IReadOnlyList<AddCdcFile> files = await table.Writer.WriteChangesAsync(table.Snapshot, [changes], CancellationToken.None);
        files.Select(static file => file.Path).Should().SatisfyRespectively(
            static path => path.Should().StartWith("_change_data/p=x/cdc-00000-"), static path =>
                path.Should().StartWith("_change_data/p=y/cdc-00001-"));
        RecordBatch read = await ParquetFiles.ReadAllAsync(table.Storage, files[1].Path,
            new Schema([schema.GetFieldByIndex(0), schema.GetFieldByIndex(2)], null), CancellationToken.None);
        Cells.Rows(read).Should().Equal("1 | 'delete'");
    }

    [Fact]
    public async Task A_store_that_is_full_says_so()
    {
        TestTable table = new(Plain);
        DataFileWriter writer = new(new BrittleStorage([], 1), table.Cache, IdSource.Sequential(1), TimeProvider.System, 100, NullLogger.Instance);
        Func<Task> write = () => writer.WriteAsync(table.Snapshot, [RandomRows.Batch(table.Snapshot.Schema, 50, 1)], CancellationToken.None);
        (await write.Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("cable");
    }

    private static async Task AnyPartitionsAsync(StructType schema, int rows, int seed, bool cached)
    {
        StructType all = new([.. schema.Fields, new StructField("id", PrimitiveType.Integer)]);
        string[] partitionColumns = [.. schema.Fields.Where(static field =>
            field.Type is (PrimitiveType or DecimalType) && field.Type != PrimitiveType.Void && field.Type != PrimitiveType.Binary).Take(2).Select(static field => field.Name)];
        TestTable table = new(all, partitionColumns, cached ? 1_000_000 : 0);
        RecordBatch written = RandomRows.Batch(table.Snapshot.Schema, rows, seed);
        List<RecordBatch> read = [];
        foreach (AddFile file in await table.WriteAsync(written))
        {
            read.AddRange((await table.ReadAsync(file)).Select(static part => part.Batch));
        }

        // An empty partition value is null in the format, and -0 and 0 are one partition.
        Cells.Rows(read).Select(Merge).Should().BeEquivalentTo(Cells.Rows(written).Select(Merge));

        string Merge(string row) => string.Join(" | ", row.Split(" | ").Select(static cell => cell switch
        {
            "''" or "x" => "null",
            "d8000000000000000" => "d0000000000000000",
            "f80000000" => "f00000000",
            _ => cell,
        }));
    }

    private static RecordBatch Rows(Schema schema, params string?[] partitions)
    {
        StringArray.Builder texts = new();
        foreach (string? text in partitions)
        {
            texts.Append(text);
        }

        return new RecordBatch(schema, [new Int64Array.Builder().AppendRange(Enumerable.Range(0, partitions.Length).Select(static i => (long)i))
            .Build(), texts.Build()], partitions.Length);
    }
}
