using Lakehouse.Incremental.Conformance.Tests.ForeignReaders;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using Parquet;

namespace Lakehouse.Incremental.Conformance.Tests.Showcase;

/// <summary>The files of each feature's table, read by libraries that do not know ours, hold the rows of the table.</summary>
public sealed class ShowcaseForeignTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("showcase-").FullName;
    private readonly DuckDb _duckDb = new();

    public static TheoryData<string> Names => [.. ShowcaseWriter.Tables.Select(static table => table.Name)];

    public void Dispose()
    {
        _duckDb.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task DuckDB_finds_the_rows_in_the_files(string name)
    {
        (DeltaTable table, string expected) = await WriteAsync(name);
        await _duckDb.CreateViewAsync("live", table, Path.Combine(_folder, "delta"));
        _duckDb.Execute($"CREATE VIEW told AS SELECT * FROM '{expected}'");
        Dictionary<string, string> types = Describe("told");
        Dictionary<string, string> stored = Describe("live");
        ColumnMapping mapping = table.CurrentSnapshot.Mapping;
        string columns = string.Join(", ", types.Select(column => stored.ContainsKey(mapping.PhysicalName(column.Key))
            ? $"CAST({Quoted(mapping.PhysicalName(column.Key))} AS {column.Value}) AS {Quoted(column.Key)}"
            : $"CAST(NULL AS {column.Value}) AS {Quoted(column.Key)}"));
        string live = $"SELECT {columns} FROM live";
        string told = $"SELECT {string.Join(", ", types.Keys.Select(Quoted))} FROM told";

        _duckDb.Query($"SELECT count(*) FROM (({live}) EXCEPT ALL ({told}))").Should().Equal(["0"], "no row of {0} is one too many", name);
        _duckDb.Query($"SELECT count(*) FROM (({told}) EXCEPT ALL ({live}))").Should().Equal(["0"], "no row of {0} is missing", name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ParquetNet_reads_every_file(string name)
    {
        (DeltaTable table, _) = await WriteAsync(name);
        long rows = 0;
        foreach (AddFile file in table.CurrentSnapshot.Files)
        {
            await using FileStream stream = File.OpenRead(Path.Combine(_folder, "delta", DataFilePath.Decode(file.Path)));
            await using ParquetReader reader = await ParquetReader.CreateAsync(stream);
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                rows += reader.OpenRowGroupReader(group).RowCount;
            }

            rows -= file.DeletionVector?.Cardinality ?? 0;
        }

        rows.Should().Be(table.CurrentSnapshot.RowCount);
    }

    private async Task<(DeltaTable Table, string Expected)> WriteAsync(string name)
    {
        var (table, rows) = await ShowcaseWriter.Tables.Single(entry => entry.Name == name).WriteAsync(Path.Combine(_folder, "delta"));
        Delta.Storage.LocalTableStorage expected = new(Path.Combine(_folder, "expected"));
        await ParquetFiles.WriteAsync(expected, "rows.parquet", rows[0].Schema, rows, CancellationToken.None);
        return (table, Path.Combine(_folder, "expected", "rows.parquet"));
    }

    private Dictionary<string, string> Describe(string view) => _duckDb
        .Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {view})").Select(static row => row.Split('|'))
        .ToDictionary(static row => row[0], static row => row[1], StringComparer.Ordinal);

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
