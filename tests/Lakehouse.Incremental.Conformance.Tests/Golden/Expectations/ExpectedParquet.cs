using System.Data.Common;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>Rows of Parquet files as DuckDB reads them: one JSON object a row, scalars as exact texts.</summary>
internal static class ExpectedParquet
{
    /// <summary>The columns, and the rows of all Parquet files below a folder; null when Spark wrote no file, as it does for no rows.</summary>
    public static (IReadOnlyList<string> Columns, IReadOnlyList<JsonElement> Rows)? Read(string folder)
    {
        IEnumerable<string> found = Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories);
        string[] files = [.. found.Where(IsVisible).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            return File.Exists(Path.Combine(folder, "_SUCCESS"))
                ? null
                : throw new InvalidDataException($"The expectation '{folder}' holds no Parquet file.");
        }

        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        string source = $"read_parquet([{string.Join(", ", files.Select(Quoted))}], hive_partitioning = false, union_by_name = true)";
        _ = Query(connection, "SET TimeZone = 'UTC'");
        List<(string Name, string Type)> columns = [.. Query(connection, $"DESCRIBE SELECT * FROM {source}").Select(row => (row[0], row[1]))];
        string cells = string.Join(", ", columns.Select(c => $"{AsTexts(Identifier(c.Name), c.Type)} AS {Identifier(c.Name)}"));
        // No column has the name of the row, which would be taken for the column.
        List<string[]> rows = Query(connection, $"SELECT to_json(\"\u0001\") FROM (SELECT {cells} FROM {source}) AS \"\u0001\"");
        return ([.. columns.Select(c => c.Name)], [.. rows.Select(row => Parse(row[0]))]);
    }

    /// <summary>Floats go through doubles, whose print is exact; what DuckDB prints for a float is not the value as a wider type.</summary>
    private static string AsTexts(string column, string type)
    {
        string widened = DuckDbTypes.Rewrite(type, scalar => scalar == "FLOAT" ? "DOUBLE" : scalar);
        string texts = DuckDbTypes.Rewrite(type, _ => "VARCHAR");
        return $"CAST(CAST({column} AS {widened}) AS {texts})";
    }

    private static List<string[]> Query(DuckDBConnection connection, string sql)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        List<string[]> rows = [];
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, Math.Min(2, reader.FieldCount)).Select(i => reader.GetValue(i).ToString()!)]);
        }

        return rows;
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static bool IsVisible(string path) => Path.GetFileName(path)[0] is not ('.' or '_');

    private static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
