using Apache.Arrow;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Tests.Statistics;

/// <summary>Statistics of rows of a table without column mapping.</summary>
internal static class Collected
{
    public static string Stats(IReadOnlyList<RecordBatch> rows, Schema schema, TableProperties properties) =>
        StatisticsCollector.Collect(rows, schema, IndexedColumns.Of(schema, schema, properties));
}
