using Apache.Arrow;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Storage;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class DamagedFileTests
{
    private static readonly Schema Schema = ArrowSchemas.ToArrow(new StructType(
    [
        new StructField("a", PrimitiveType.Long),
        new StructField("b", PrimitiveType.String),
        new StructField("c", new ArrayType(new DecimalType(20, 3))),
    ]));

    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task A_missing_file_is_named()
    {
        (await FailureAsync("d/none.parquet")).Message.Should().Contain("d/none.parquet").And.Contain("missing");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PAR1")]
    [InlineData("this is no parquet file at all")]
    public async Task Other_content_is_named(string content)
    {
        await _storage.PutAsync("d/f.parquet", System.Text.Encoding.UTF8.GetBytes(content));
        CorruptTableException error = await FailureAsync("d/f.parquet");
        error.ErrorCode.Should().Be(ErrorCodes.CorruptFile);
        error.Message.Should().Contain("d/f.parquet");
    }

    [Fact]
    public async Task A_cut_file_is_named()
    {
        byte[] whole = await WriteAsync();
        for (int length = 0; length < whole.Length; length += 97)
        {
            await _storage.PutAsync("f", whole.AsMemory(0, length));
            (await FailureAsync("f")).ErrorCode.Should().Be(ErrorCodes.CorruptFile);
        }
    }

    /// <summary>A changed bit may go unseen, as pages have no checksums; but nothing else than the one exception comes out.</summary>
    [Fact]
    public async Task Changed_bytes_are_read_or_named()
    {
        byte[] whole = await WriteAsync();
        int failures = 0;
        for (int position = 0; position < whole.Length; position += 13)
        {
            byte[] changed = [.. whole];
            changed[position] ^= 0x5A;
            await _storage.PutAsync("f", changed);
            try
            {
                (await ParquetFiles.ReadAllAsync(_storage, "f", Schema, CancellationToken.None)).ColumnCount.Should().Be(3);
            }
            catch (CorruptTableException error)
            {
                error.Message.Should().Contain("file f of");
                failures++;
            }
        }

        failures.Should().BeGreaterThan(10);
    }

    [Fact]
    public async Task A_store_that_fails_is_no_damaged_file()
    {
        byte[] whole = await WriteAsync();
        int reads = 0;
        for (int good = 0; good < 6; good++)
        {
            BrittleStorage brittle = new(whole, good);
            Func<Task> read = () => ParquetFiles.ReadAllAsync(brittle, "f", Schema, CancellationToken.None);
            (await read.Should().ThrowAsync<IOException>($"read {good} failed")).Which.Message.Should().Contain("cable");
            reads++;
        }

        reads.Should().Be(6);
    }

    private async Task<CorruptTableException> FailureAsync(string path)
    {
        Func<Task> read = () => ParquetFiles.ReadAllAsync(_storage, path, Schema, CancellationToken.None);
        return (await read.Should().ThrowAsync<CorruptTableException>()).Which;
    }

    private async Task<byte[]> WriteAsync()
    {
        await ParquetFiles.WriteAsync(_storage, "whole", Schema, [RandomRows.Batch(Schema, 2000, 3)], CancellationToken.None);
        return await _storage.ReadAsync("whole");
    }
}
