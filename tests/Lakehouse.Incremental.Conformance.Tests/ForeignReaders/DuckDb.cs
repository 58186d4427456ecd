using System.Globalization;
using DuckDB.NET.Data;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>A DuckDB in memory that reads the Parquet files of a table. It does not know Delta: which rows live is told to it.</summary>
internal sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDb()
    {
        _connection.Open();
        Execute("SET TimeZone = 'UTC'");
    }

    /// <summary>
    /// Makes a view of the live rows: the live files without the positions that their deletion vectors hold, with the partition values of the log
    /// as texts.
    /// </summary>
    public async Task CreateViewAsync(string name, DeltaTable table, string folder)
    {
        List<string> parts = [];
        foreach (AddFile file in table.CurrentSnapshot.Files)
        {
            DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None);
            string without = deleted.IsEmpty ? "" : $" WHERE file_row_number NOT IN ({string.Join(',', deleted.Rows)})";
            string partition = string.Concat(file.PartitionValues
                .Select(v => $", {(v.Value is null ? "NULL::VARCHAR" : Text(v.Value))} AS \"{v.Key}\""));
            string path = Text($"{folder}/{DataFilePath.Decode(file.Path)}");
            string rows = $"read_parquet({path}, file_row_number = true, hive_partitioning = false)";
            parts.Add($"SELECT * EXCLUDE (file_row_number){partition} FROM {rows}{without}");
        }

        Execute($"CREATE VIEW {name} AS {string.Join(" UNION ALL BY NAME ", parts)}");
    }

    public void Execute(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query, cells joined by a bar, sorted.</summary>
    public string[] Query(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
                .Select(i => reader.IsDBNull(i) ? "null" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private static string Text(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    public void Dispose() => _connection.Dispose();
}
