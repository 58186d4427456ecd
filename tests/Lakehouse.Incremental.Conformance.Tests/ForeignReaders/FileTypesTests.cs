using System.Collections;
using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Storage;
using Parquet;
using Parquet.Data;
using Parquet.Serialization;

namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>The layout of a data file with every type, as other libraries see it.</summary>
public sealed class FileTypesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("foreign-").FullName;
    private readonly DuckDb _duckDb = new();

    public void Dispose()
    {
        _duckDb.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Types_are_those_of_the_protocol()
    {
        string path = await WriteAsync();
        _duckDb.Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{path}')").Should().BeEquivalentTo(
            "c_string|VARCHAR", "c_long|BIGINT", "c_int|INTEGER", "c_short|SMALLINT", "c_byte|TINYINT", "c_float|FLOAT", "c_double|DOUBLE",
            "c_bool|BOOLEAN", "c_binary|BLOB",
            "c_date|DATE", "c_ts|TIMESTAMP WITH TIME ZONE", "c_ntz|TIMESTAMP", "c_dec|DECIMAL(38,10)", "c_small|DECIMAL(5,2)",
            "c_struct|STRUCT(x INTEGER, tags VARCHAR[])",
            "c_map|MAP(VARCHAR, BIGINT)");
        _duckDb.Query($"SELECT name, type FROM parquet_schema('{path}') WHERE name IN ('c_ts', 'c_ntz')").Should().Equal("c_ntz|INT64", "c_ts|INT64");
    }

    [Fact]
    public async Task Lists_and_maps_have_three_levels_of_the_standard_names()
    {
        string path = await WriteAsync();
        string[] names = _duckDb.Query($"SELECT name FROM parquet_schema('{path}')");
        names.Should().Contain(["list", "element", "key_value", "key", "value"]).And.NotContain(["item", "array", "bag", "entries"]);
        _duckDb.Query($"SELECT DISTINCT compression FROM parquet_metadata('{path}')").Should().Equal("ZSTD");
    }

    [Fact]
    public async Task ParquetNet_reads_every_type_as_it_was_written()
    {
        string path = await WriteAsync();
        await using FileStream stream = File.OpenRead(path);
        IList<Dictionary<string, object>> rows = [.. (await ParquetSerializer.DeserializeUntypedAsync(stream)).Data];
        rows.Should().HaveCount(2);

        // Of 38 digits its System.Decimal holds 29, and its rows leave out nulls in lists: DuckDB sees all of both, as do the levels below.
        rows[0].Select(static cell => $"{cell.Key}: {Text(cell.Value)}").Should().BeEquivalentTo(
            "c_string: grün", "c_long: -9223372036854775808", "c_int: 2147483647", "c_short: -32768", "c_byte: -128", "c_float: 1.5",
            "c_double: 5E-324", "c_bool: True",
            "c_binary: 00FF", "c_date: 1582-10-15", "c_ts: 2024-02-29T12:34:56.789012", "c_ntz: 0001-01-01T00:00:00.000001",
            "c_dec: -1234567890123456789012345678.0", "c_small: 123.45", "c_struct: (x: 7, tags: [a])", "c_map: (k: 9)");
        rows[1].Should().BeEmpty("its rows have no entry for a null");
    }

    [Fact]
    public async Task ParquetNet_sees_the_null_in_a_list()
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(await WriteAsync());
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(0);
        using RawColumnData tags =
            await rows.ReadRawColumnDataBaseAsync(reader.Schema.GetDataFields().Single(static field => field.Path.ToString().Contains("tags")));
        tags.DefinitionLevels.ToArray().Should()
            .Equal([4, 3, 0], "of struct, list, entry and element all are there, then all but the element, then nothing");
        tags.RepetitionLevels.ToArray().Should().Equal(0, 1, 0);
    }

    private async Task<string> WriteAsync()
    {
        RecordBatch batch = AllTypes.Batch();
        await ParquetFiles.WriteAsync(new LocalTableStorage(_folder), "f.parquet", batch.Schema, [batch], CancellationToken.None);
        return Path.Combine(_folder, "f.parquet");
    }

    private static string? Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time when time.TimeOfDay == TimeSpan.Zero => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IDictionary fields => "(" + string.Join(", ", fields.Keys.Cast<object>().Select(key => $"{Text(key)}: {Text(fields[key])}")) + ")",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Text)) + "]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
