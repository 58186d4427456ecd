using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class DataFileReaderTests
{
    private static readonly StructType Schema = new(
    [
        new StructField("id", PrimitiveType.Long), new StructField("p", PrimitiveType.Integer),
            new StructField("l", new ArrayType(PrimitiveType.String)), new StructField("v", PrimitiveType.Void),
    ]);

    [Theory]
    [InlineData(0)]
    [InlineData(100_000_000)]
    public async Task Some_rows_are_those_of_the_whole_file(long cacheBytes)
    {
        (TestTable table, AddFile file, RecordBatch rows) = await LargeAsync(cacheBytes);
        Schema columns =
            new([table.Snapshot.Schema.GetFieldByIndex(2), table.Snapshot.Schema.GetFieldByIndex(1), table.Snapshot.Schema.GetFieldByIndex(3)], null);
        int[][] cases = [[], [0], [299_999], [0, 1, 131_071, 131_072, 262_143, 262_144, 299_999], [.. Enumerable.Range(65_530, 12)], [131_072]];
        foreach (int[] wanted in cases)
        {
            RecordBatch read = await table.Reader.ReadRowsAsync(table.Snapshot, file, columns, wanted, CancellationToken.None);
            read.Schema.Should().BeSameAs(columns);
            Cells.Rows(read).Should().Equal(wanted.Select(row => $"{Cells.Cell(rows.Column(2), row)} | 7 | null"));
        }
    }

    [Fact]
    public async Task Any_ascending_rows_are_found()
    {
        (TestTable table, AddFile file, RecordBatch rows) = await LargeAsync(0);
        await Gen.Int[0, 299_999].Array[0, 20].SampleAsync(
            async positions =>
            {
                int[] wanted = [.. positions.Distinct().Order()];
                RecordBatch read = await table.Reader.ReadRowsAsync(table.Snapshot, file, table.Snapshot.Schema, wanted, CancellationToken.None);
                Cells.Rows(read).Should().Equal(wanted.Select(row => Cells.Row(rows, row)));
            },
            iter: 20,
            threads: 1);
    }

    [Fact]
    public async Task What_was_written_or_read_whole_is_not_fetched_again()
    {
        TestTable table = new(Schema, cacheBytes: 10_000_000);
        AddFile file = (await table.WriteAsync(RandomRows.Batch(table.Snapshot.Schema, 50, 1))).Single();
        DataFileReader other = new(new FileLocator(table.Storage, []), new DataFileCache(10_000_000));
        List<string> fromStore = [];
        await foreach (FileBatch part in other.ReadAsync(table.Snapshot, file, table.Snapshot.Schema, CancellationToken.None))
        {
            fromStore.AddRange(Cells.Rows(part.Batch));
        }

        await table.Storage.DeleteAsync(file.Path);
        Cells.Rows((await table.ReadAsync(file)).Select(static part => part.Batch)).Should().Equal(fromStore);
        Cells.Rows(await other.ReadRowsAsync(table.Snapshot, file, table.Snapshot.Schema, new[] { 3 }, CancellationToken.None)).Should()
            .Equal(fromStore[3]);
    }

    [Fact]
    public async Task Only_partition_columns_can_be_read()
    {
        TestTable table = new(Schema, ["p"]);
        IReadOnlyList<AddFile> files = await table.WriteAsync(RandomRows.Batch(table.Snapshot.Schema, 100, 2));
        Schema columns = new([table.Snapshot.Schema.GetFieldByIndex(1)], null);
        int rows = 0;
        foreach (AddFile file in files)
        {
            foreach (FileBatch part in await table.ReadAsync(file, columns))
            {
                Cells.Rows(part.Batch).Should().OnlyContain(cell => cell == (file.PartitionValues["p"] ?? "null"));
                rows += part.Batch.Length;
            }
        }

        rows.Should().Be(100);
    }

    private static async Task<(TestTable Table, AddFile File, RecordBatch Rows)> LargeAsync(long cacheBytes)
    {
        TestTable table = new(Schema, ["p"], cacheBytes);
        RecordBatch random = RandomRows.Batch(table.Snapshot.Schema, 300_000, 9);
        IArrowArray sevens = PartitionValues.Materialize("7", random.Schema.GetFieldByIndex(1), 300_000);
        RecordBatch rows = new(random.Schema, [random.Column(0), sevens, random.Column(2), random.Column(3)], 300_000);
        return (table, (await table.WriteAsync(rows)).Single(), rows);
    }
}
