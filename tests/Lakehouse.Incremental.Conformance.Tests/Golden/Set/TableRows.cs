using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Reading;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>What the library reads of a table, as batches in memory.</summary>
internal static class TableRows
{
    public static async Task<List<RecordBatch>> ReadAsync(IAsyncEnumerable<RecordBatch> batches)
    {
        List<RecordBatch> list = [];
        await foreach (RecordBatch batch in batches)
        {
            list.Add(batch);
        }

        return list;
    }

    /// <summary>All rows of all columns of a version; of the latest without one.</summary>
    public static async Task<RowBag> AllAsync(DeltaTable table, long? version = null)
    {
        Schema schema = version is { } at ? (await table.SnapshotAtAsync(at)).Schema : table.CurrentSnapshot.Schema;
        return RowBag.Of(await ReadAsync(table.ReadAsync(new ReadOptions { Version = version })), Names(schema));
    }

    public static IReadOnlyList<string> Names(Schema schema) => [.. schema.FieldsList.Select(f => f.Name)];

    /// <summary>The columns that a Parquet file can have: all but those of the type void.</summary>
    public static IReadOnlyList<string> StoredNames(Schema schema) =>
        [.. schema.FieldsList.Where(f => f.DataType is not NullType).Select(f => f.Name)];

    /// <summary>All live rows of the files that a filter does not skip, whether they fulfil it or not.</summary>
    public static async Task<List<RecordBatch>> OfKeptFilesAsync(DeltaTable table, Filter filter)
    {
        List<RecordBatch> batches = [];
        foreach (AddFile file in new TableScan(table, table.CurrentSnapshot, null, filter).FilesToRead())
        {
            DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None);
            Schema schema = table.CurrentSnapshot.Schema;
            await foreach (FileBatch read in table.Reader.ReadAsync(table.CurrentSnapshot, file, schema, CancellationToken.None))
            {
                bool[] keep = new bool[read.Batch.Length];
                keep.AsSpan().Fill(true);
                deleted.MarkDeleted(read.FirstRow, keep);
                batches.Add(FilterKernel.Filter(read.Batch, keep));
            }
        }

        return batches;
    }
}
