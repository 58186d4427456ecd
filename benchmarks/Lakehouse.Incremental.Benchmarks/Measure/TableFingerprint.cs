using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>Count and checksum of rows, whatever their order. DuckDB computes it for all peers, so that it does not depend on who wrote the rows.</summary>
internal static class TableFingerprint
{
    public static string Of(DuckDb duckDb, string rows, IEnumerable<string> columns) => duckDb.Scalar(
        $"SELECT count(*)::VARCHAR || ':' || coalesce(sum((hash({string.Join(", ", columns)}) >> 8)::HUGEINT), 0)::VARCHAR FROM {rows}");

    /// <summary>Of a Delta table: its files as DuckDB reads them, without the rows that the deletion vectors name.</summary>
    public static async Task<string> OfAsync(DeltaTable table, string folder, IEnumerable<string> columns)
    {
        await table.RefreshAsync().ConfigureAwait(false);
        using DuckDb duckDb = DuckDb.InMemory();
        duckDb.Execute("CREATE TABLE dead (file VARCHAR, place BIGINT)");
        List<string> paths = [];
        foreach (AddFile file in table.CurrentSnapshot.Files)
        {
            string path = $"{folder}/{DataFilePath.Decode(file.Path)}";
            paths.Add(DuckDb.Text(path));
            duckDb.Append("dead", (await table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None).ConfigureAwait(false))
                .Rows.Select(row => (path, row)));
        }

        string files = $"read_parquet([{string.Join(", ", paths)}], file_row_number = true, filename = true)";
        string live = $"(SELECT * FROM {files} t ANTI JOIN dead ON t.filename = dead.file AND t.file_row_number = dead.place)";
        return paths.Count == 0 ? "0:0" : Of(duckDb, live, columns);
    }
}
