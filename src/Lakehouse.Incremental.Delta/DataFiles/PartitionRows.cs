using Apache.Arrow;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>The rows of one partition, without the partition columns.</summary>
/// <param name="Values">Serialised values of the partition columns.</param>
/// <param name="Directory">The directory with a trailing slash; empty for an unpartitioned table.</param>
/// <param name="Rows">The rows, in the order they came.</param>
internal sealed record PartitionRows(IReadOnlyDictionary<string, string?> Values, string Directory, RecordBatch Rows);
