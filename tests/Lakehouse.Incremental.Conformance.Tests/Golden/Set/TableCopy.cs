using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>A copy of a golden table that a test writes to; deleted when it is disposed.</summary>
internal sealed class TableCopy : IDisposable
{
    private readonly DeltaTableOptions _options;

    public TableCopy(GoldenSet set, GoldenTable table)
    {
        Path = set.Copy(table);
        _options = set.Options(table);
    }

    public string Path { get; }

    public Task<DeltaTable> OpenAsync() => DeltaTable.OpenAsync(Path, _options);

    /// <summary>Names of all files of the log, at any depth.</summary>
    public IReadOnlyList<string> LogFiles() =>
        [.. Directory.EnumerateFiles(System.IO.Path.Combine(Path, "_delta_log"), "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(Path, file)).Order(StringComparer.Ordinal)];

    /// <summary>The first row of the table without the columns whose values the table itself gives; null when it has no rows.</summary>
    public static async Task<RecordBatch?> FirstRowAsync(DeltaTable table)
    {
        List<string> columns = [.. table.CurrentSnapshot.DeltaSchema.Fields
            .Where(field => field.Metadata?.Any(entry => entry.Key.StartsWith("delta.identity.", StringComparison.Ordinal)) != true)
            .Select(field => field.Name)];
        await foreach (RecordBatch batch in table.ReadAsync(columns))
        {
            return SliceKernel.Slice(batch, 0, 1);
        }

        return null;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
