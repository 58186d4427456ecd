using Apache.Arrow;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Consecutive rows of a data file.</summary>
/// <param name="Batch">The rows, in managed memory.</param>
/// <param name="FirstRow">The position of the first of them in the whole file: what deletion vectors count.</param>
internal readonly record struct FileBatch(RecordBatch Batch, long FirstRow);
