using System.Globalization;
using DuckDB.NET.Data;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>A DuckDB with two threads.</summary>
internal sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection;

    private DuckDb(string source)
    {
        _connection = new DuckDBConnection($"DataSource={source}");
        _connection.Open();
        Execute("SET threads = 2");
        Execute("SET TimeZone = 'UTC'");
    }

    public static DuckDb InMemory() => new(":memory:");

    /// <summary>A database in a file: what it commits is on disk, as with a table of ours.</summary>
    public static DuckDb InFile(string path) => new(path);

    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public void Execute(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public string Scalar(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    public void Append(string table, IEnumerable<(string Text, long Number)> rows)
    {
        using DuckDBAppender appender = _connection.CreateAppender(table);
        foreach ((string text, long number) in rows)
        {
            appender.CreateRow().AppendValue(text).AppendValue(number).EndRow();
        }
    }

    public void Dispose() => _connection.Dispose();
}
