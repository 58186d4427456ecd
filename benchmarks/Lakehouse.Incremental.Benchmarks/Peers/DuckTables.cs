namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>Base tables of DuckDB.</summary>
internal static class DuckTables
{
    /// <summary>Makes a database whose table <c>target</c> holds the rows of a Delta table without deleted rows.</summary>
    public static Task CreateAsync(string file, string delta)
    {
        using DuckDb duckDb = DuckDb.InFile(file);
        duckDb.Execute($"CREATE TABLE target AS SELECT * FROM read_parquet({DuckDb.Text(Path.Combine(delta, "*.parquet"))})");
        duckDb.Execute("CHECKPOINT");
        return Task.CompletedTask;
    }
}
