using Apache.Arrow;
using GitHistory.Proof;
using Lakehouse.Incremental.Delta;

namespace GitHistory.Pipeline;

/// <summary>The tables that are proved, and their rows as the proofs take them.</summary>
/// <param name="Files">One row per file: <c>silver/files</c>.</param>
/// <param name="History">One row per file and period: <c>silver/files_history</c>.</param>
/// <param name="ByDirectory">One row per top-level directory: <c>gold/by_directory</c>.</param>
internal sealed record LakeTables(DeltaTable Files, DeltaTable History, DeltaTable ByDirectory)
{
    /// <summary>Rows of <c>silver/files</c>.</summary>
    public Task<List<FileRow>> ReadFilesAsync(CancellationToken cancellationToken) =>
        ReadAsync(Files, ["path", "mode", "blob_id", "size_bytes"], ToFile, cancellationToken);

    /// <summary>Rows of <c>silver/files_history</c>.</summary>
    public Task<List<HistoryRow>> ReadHistoryAsync(CancellationToken cancellationToken) => ReadAsync(
        History,
        ["path", "mode", "blob_id", "size_bytes", "__start_at", "__end_at", "__is_current"],
        (batch, row) => new HistoryRow(ToFile(batch, row), Long(batch, 4, row)!.Value, Long(batch, 5, row), ((BooleanArray)batch.Column(6)).GetValue(row)!.Value),
        cancellationToken);

    /// <summary>Rows of <c>gold/by_directory</c>.</summary>
    public Task<List<DirectoryRow>> ReadDirectoriesAsync(CancellationToken cancellationToken) => ReadAsync(
        ByDirectory,
        ["directory", "files", "bytes", "largest"],
        (batch, row) => new DirectoryRow(Text(batch, 0, row)!, Long(batch, 1, row)!.Value, Long(batch, 2, row), Long(batch, 3, row)),
        cancellationToken);

    private static async Task<List<T>> ReadAsync<T>(DeltaTable table, string[] columns, Func<RecordBatch, int, T> convert, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync(columns, cancellationToken))
        {
            for (int row = 0; row < batch.Length; row++)
            {
                rows.Add(convert(batch, row));
            }
        }

        return rows;
    }

    private static FileRow ToFile(RecordBatch batch, int row) => new(Text(batch, 0, row)!, Text(batch, 1, row), Text(batch, 2, row), Long(batch, 3, row));

    private static string? Text(RecordBatch batch, int column, int row) => ((StringArray)batch.Column(column)).GetString(row);

    private static long? Long(RecordBatch batch, int column, int row) => ((Int64Array)batch.Column(column)).GetValue(row);
}
