using Apache.Arrow;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The rows that a merge inserts.</summary>
/// <param name="Rows">In the order of the source, with the columns the table will have.</param>
/// <param name="Sources">The source row of each.</param>
/// <param name="Marks">The last numbers given to them, by the position of their column.</param>
internal sealed record InsertedRows(RecordBatch Rows, int[] Sources, IReadOnlyDictionary<int, long> Marks);
