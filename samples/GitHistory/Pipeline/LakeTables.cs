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
        ReadAsync(Files, ["path", "mode", "blob_id", "size_bytes"], row => row.File(), cancellationToken);

    /// <summary>Rows of <c>silver/files_history</c>.</summary>
    public Task<List<HistoryRow>> ReadHistoryAsync(CancellationToken cancellationToken) => ReadAsync(
        History,
        ["path", "mode", "blob_id", "size_bytes", "__start_at", "__end_at", "__is_current"],
        row => new HistoryRow(row.File(), row.Long(4)!.Value, row.Long(5), row.Boolean(6)),
        cancellationToken);

    /// <summary>Rows of <c>gold/by_directory</c>.</summary>
    public Task<List<DirectoryRow>> ReadDirectoriesAsync(CancellationToken cancellationToken) => ReadAsync(
        ByDirectory,
        ["directory", "files", "bytes", "largest"],
        row => new DirectoryRow(row.Text(0)!, row.Long(1)!.Value, row.Long(2), row.Long(3)),
        cancellationToken);

    private static async Task<List<T>> ReadAsync<T>(
        DeltaTable table, string[] columns, Func<TableRow, T> convert, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        await foreach (RecordBatch batch in table.ReadAsync(columns, cancellationToken))
        {
            for (int row = 0; row < batch.Length; row++)
            {
                rows.Add(convert(new TableRow(batch, row, texts)));
            }
        }

        return rows;
    }
}
