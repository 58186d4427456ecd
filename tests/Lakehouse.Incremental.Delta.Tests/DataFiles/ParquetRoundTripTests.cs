using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Storage;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class ParquetRoundTripTests
{
    private readonly InMemoryTableStorage _storage = new();

    public static TheoryData<string> Types => [.. RandomRows.AllPrimitives.Select(static type => type.ToString()!)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Every_type_comes_back(string typeName)
    {
        DataType type = RandomRows.AllPrimitives.Single(candidate => candidate.ToString() == typeName);
        StructType schema = new(
        [
            new StructField("id", PrimitiveType.Long),
            new StructField("plain", type),
            new StructField("inside", new StructType([new StructField("a", type), new StructField("b", PrimitiveType.Integer)])),
        ]);
        await RoundTripAsync(ArrowSchemas.ToArrow(schema), 500, 1);
    }

    [Fact]
    public async Task Random_schemas_come_back_to_depth_three()
    {
        await Gen.Select(RandomRows.Schemas(3), Gen.Int[0, 70], Gen.Int[0, 1_000_000]).SampleAsync(
            (schema, rows, seed) => new ParquetRoundTripTests().RoundTripAsync(ArrowSchemas.ToArrow(schema), rows, seed),
            iter: 200,
            threads: 1,
            print: static t => $"{SchemaJson.Write(t.Item1)}, rows {t.Item2}, seed {t.Item3}");
    }

    [Fact]
    public async Task Slices_are_written_from_where_they_begin()
    {
        StructType schema = new([.. RandomRows.AllPrimitives.Select(static (type, i) => new StructField($"c{i}", type)),
            new StructField("l", new ArrayType(PrimitiveType.String))]);
        RecordBatch all = RandomRows.Batch(ArrowSchemas.ToArrow(schema), 100, 5);
        RecordBatch slice = SliceKernel.Slice(all, 13, 61);
        await ParquetFiles.WriteAsync(_storage, "f", all.Schema, [slice], CancellationToken.None);
        RecordBatch read = await ParquetFiles.ReadAllAsync(_storage, "f", all.Schema, CancellationToken.None);
        Cells.Rows(read).Should().Equal(Cells.Rows(all).Skip(13).Take(61));
    }

    [Fact]
    public async Task A_file_without_rows_has_its_schema_and_no_batches()
    {
        Schema schema = new([new Field("a", Int64Type.Default, true), new Field("b", StringType.Default, true)], null);
        foreach (RecordBatch[] batches in new RecordBatch[][] { [], [RandomRows.Batch(schema, 0, 1)] })
        {
            string path = $"empty-{batches.Length}";
            (await ParquetFiles.WriteAsync(_storage, path, schema, batches, CancellationToken.None)).Rows.Should().Be(0);
            (await ListAsync(path, null)).Sum(static part => part.Batch.Length).Should().Be(0);
            (await ParquetFiles.ReadAllAsync(_storage, path, schema, CancellationToken.None)).Length.Should().Be(0);
        }
    }

    [Fact]
    public async Task Required_fields_may_lie_inside_of_null_structs_lists_and_maps()
    {
        Field required = new("r", Int64Type.Default, false);
        Apache.Arrow.Types.StructType inner = new([required]);
        Schema schema = new(
            [
                new Field("s", new Apache.Arrow.Types.StructType([new Field("n", inner, false)]), true),
                new Field("l", new Apache.Arrow.Types.ListType(new Field("element", inner, true)), true),
                new Field("m", new Apache.Arrow.Types.MapType(new Field("key", StringType.Default, false), new Field("value", inner, true)), true),
            ],
            null);
        RecordBatch batch = RandomRows.Batch(schema, 200, 3, 0.4);
        await ParquetFiles.WriteAsync(_storage, "f", schema, [Hollow(batch)], CancellationToken.None);
        RecordBatch read = await ParquetFiles.ReadAllAsync(_storage, "f", schema, CancellationToken.None);
        Cells.Rows(read).Should().Equal(Cells.Rows(batch));
    }

    [Fact]
    public async Task Rows_know_their_position_across_row_groups_and_batches()
    {
        RecordBatch rows = Numbers(300_000);
        await ParquetFiles.WriteAsync(_storage, "f", rows.Schema, [rows], CancellationToken.None);
        List<FileBatch> parts = await ListAsync("f", rows.Schema);
        parts.Count.Should().BeGreaterThan(3);
        long next = 0;
        foreach (FileBatch part in parts)
        {
            part.FirstRow.Should().Be(next);
            ((Int64Array)part.Batch.Column(0)).GetValue(0).Should().Be(next);
            next += part.Batch.Length;
        }

        next.Should().Be(300_000);
    }

    [Fact]
    public async Task Row_groups_without_a_wanted_row_are_passed_over()
    {
        RecordBatch rows = Numbers(300_000);
        await ParquetFiles.WriteAsync(_storage, "f", rows.Schema, [rows], CancellationToken.None);
        List<FileBatch> last = await ListAsync("f", rows.Schema, new[] { 299_999 });
        last.Should().OnlyContain(static part => part.FirstRow >= 262_144);
        last.Sum(static part => part.Batch.Length).Should().Be(300_000 - 262_144);
        (await ListAsync("f", rows.Schema, System.Array.Empty<int>())).Should().BeEmpty();
        (await ListAsync("f", rows.Schema, new[] { 131_071 })).Sum(static part => part.Batch.Length).Should().Be(131_072);
        (await ListAsync("f", rows.Schema, new[] { 131_072 })).First().FirstRow.Should().Be(131_072);
        (await ListAsync("f", new Schema([new Field("other", StringType.Default, true)], null), new[] { 131_072 })).Single().FirstRow.Should()
            .Be(131_072);
    }

    [Fact]
    public async Task What_is_read_outlives_the_reader()
    {
        StructType schema = new([.. RandomRows.AllPrimitives.Select(static (type, i) => new StructField($"c{i}", type)),
            new StructField("l", new ArrayType(PrimitiveType.String))]);
        RecordBatch written = RandomRows.Batch(ArrowSchemas.ToArrow(schema), 1000, 8);
        await ParquetFiles.WriteAsync(_storage, "f", written.Schema, [written], CancellationToken.None);
        List<FileBatch> read = await ListAsync("f", null);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await ListAsync("f", null);
        }

        Cells.Rows(read.Select(static part => part.Batch)).Should().HaveCount(1000)
            .And.Equal(Cells.Rows(new RecordBatch(read[0].Batch.Schema, read[0].Batch.Schema.FieldsList.Select(f => written.Column(f.Name)), 1000)));
    }

    private async Task RoundTripAsync(Schema schema, int rows, int seed)
    {
        RecordBatch[] batches = [RandomRows.Batch(schema, rows, seed), RandomRows.Batch(schema, rows / 2, seed + 1)];
        WrittenParquet written = await ParquetFiles.WriteAsync(_storage, "f", schema, batches, CancellationToken.None);
        written.Rows.Should().Be(rows + (rows / 2));
        written.Size.Should().Be((await _storage.StatAsync("f"))!.Size);
        RecordBatch read = await ParquetFiles.ReadAllAsync(_storage, "f", schema, CancellationToken.None);
        Cells.Rows(read).Should().Equal(Cells.Rows(batches));
    }

    private async Task<List<FileBatch>> ListAsync(string path, Schema? wanted, ReadOnlyMemory<int>? rows = null)
    {
        List<FileBatch> parts = [];
        await foreach (FileBatch part in ParquetFiles.ReadAsync(_storage, path, wanted, rows))
        {
            parts.Add(part);
        }

        return parts;
    }

    private static RecordBatch Numbers(int rows) => new(
        new Schema([new Field("n", Int64Type.Default, false)], null),
        [new Int64Array.Builder().AppendRange(Enumerable.Range(0, rows).Select(static i => (long)i)).Build()],
        rows);

    /// <summary>The same rows with nulls below structs that are null, as kernels leave them.</summary>
    private static RecordBatch Hollow(RecordBatch batch) =>
        new(batch.Schema, batch.Arrays.Select(static a => ArrowArrayFactory.BuildArray(Hollow(a.Data))), batch.Length);

    private static ArrayData Hollow(ArrayData data)
    {
        ArrayData[] children = [.. (data.Children ?? []).Select(Hollow)];
        if (data.DataType is Apache.Arrow.Types.StructType && data.NullCount > 0)
        {
            children = [.. children.Select(child => new ArrayData(
                child.DataType, child.Length, data.NullCount, 0, [data.Buffers[0], .. child.Buffers.Skip(1)], child.Children))];
        }

        return new ArrayData(data.DataType, data.Length, data.NullCount, data.Offset, data.Buffers, children);
    }
}
