using System.Runtime.CompilerServices;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Reads data files of a table as rows of its schema: partition columns come from the log, columns a file lacks are null. Rows that deletion vectors
/// hide are read too; <see cref="FileBatch.FirstRow"/> tells where they stand.
/// </summary>
internal sealed class DataFileReader(ITableStorage storage, DataFileCache cache)
{
    /// <summary>All physical rows of a file, in order.</summary>
    /// <param name="snapshot">The table at the version whose schema is read.</param>
    /// <param name="file">A file of the table.</param>
    /// <param name="columns">Columns of the table's schema; the schema of the result.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public async IAsyncEnumerable<FileBatch> ReadAsync(
        Snapshot snapshot, AddFile file, Schema columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await WholeAsync(snapshot, file, cancellationToken).ConfigureAwait(false) is { } whole)
        {
            yield return new FileBatch(Assemble(whole, file, snapshot, columns), 0);
            yield break;
        }

        IAsyncEnumerable<FileBatch> parts = ReadColumnsAsync(snapshot, file.Path, file.PartitionValues, columns, cancellationToken);
        long rows = 0;
        await foreach (FileBatch part in parts.ConfigureAwait(false))
        {
            rows += part.Batch.Length;
            yield return part;
        }

        CheckRows(file, rows);
    }

    /// <summary>The rows of a file that is not kept in memory afterwards, such as change data; columns by name.</summary>
    public async IAsyncEnumerable<FileBatch> ReadColumnsAsync(
        Snapshot snapshot, string logPath, IReadOnlyDictionary<string, string?> partitionValues, Schema columns,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Schema physical = new([.. columns.FieldsList.Where(f => !snapshot.PartitionColumns.Contains(f.Name, StringComparer.Ordinal))], null);
        IAsyncEnumerable<FileBatch> parts = ParquetFiles.ReadAsync(storage, DataFilePath.Decode(logPath), physical, null, cancellationToken);
        await foreach (FileBatch part in parts.ConfigureAwait(false))
        {
            yield return part with { Batch = Assemble(part.Batch, partitionValues, snapshot, columns) };
        }
    }

    /// <summary>Some rows of a file, by ascending position; only the row groups that hold them are read.</summary>
    public async Task<RecordBatch> ReadRowsAsync(
        Snapshot snapshot, AddFile file, Schema columns, ReadOnlyMemory<int> rows, CancellationToken cancellationToken)
    {
        if (await WholeAsync(snapshot, file, cancellationToken).ConfigureAwait(false) is { } whole)
        {
            return rows.IsEmpty || rows.Span[^1] < whole.Length
                ? TakeKernel.Take(Assemble(whole, file, snapshot, columns), rows.Span)
                : throw TooFewRows(file);
        }

        Schema physical = new([.. columns.FieldsList.Where(f => !snapshot.PartitionColumns.Contains(f.Name, StringComparer.Ordinal))], null);
        List<RecordBatch> taken = [];
        int next = 0;
        IAsyncEnumerable<FileBatch> parts = ParquetFiles.ReadAsync(storage, DataFilePath.Decode(file.Path), physical, rows, cancellationToken);
        await foreach (FileBatch part in parts.ConfigureAwait(false))
        {
            int start = next;
            while (next < rows.Length && rows.Span[next] < part.FirstRow + part.Batch.Length)
            {
                next++;
            }

            if (next > start)
            {
                int[] inPart = [.. rows[start..next].ToArray().Select(row => (int)(row - part.FirstRow))];
                taken.Add(Assemble(TakeKernel.Take(part.Batch, inPart), file, snapshot, columns));
            }
        }

        return next == rows.Length ? ConcatKernel.Concat(columns, taken) : throw TooFewRows(file);
    }

    private async ValueTask<RecordBatch?> WholeAsync(Snapshot snapshot, AddFile file, CancellationToken cancellationToken)
    {
        string schema = snapshot.Metadata.SchemaString;
        if (cache.Find(file.Path, schema) is { } cached)
        {
            return cached;
        }

        if (!cache.Admits(file.Path, file.Size))
        {
            return null;
        }

        Schema physical = new([.. snapshot.Schema.FieldsList.Where(f => !snapshot.PartitionColumns.Contains(f.Name, StringComparer.Ordinal))], null);
        RecordBatch whole = await ParquetFiles.ReadAllAsync(storage, DataFilePath.Decode(file.Path), physical, cancellationToken)
            .ConfigureAwait(false);
        CheckRows(file, whole.Length);
        cache.Add(file.Path, schema, whole);
        return whole;
    }

    // The statistics count rows apart from the file: of a file that lost some, one of the two numbers is wrong.
    private void CheckRows(AddFile file, long rows)
    {
        if (RowCounts.NumRecords(file.Stats) is { } expected && expected != rows)
        {
            throw Corrupt(FormattableString.Invariant($"The file {file.Path} of table {storage.Name} holds {rows} rows, by the log it has {expected}."));
        }
    }

    private CorruptTableException TooFewRows(AddFile file) =>
        Corrupt($"The file {file.Path} of table {storage.Name} has fewer rows than a deletion vector says.");

    private CorruptTableException Corrupt(string message) => new(ErrorCodes.CorruptFile, message) { Table = storage.Name };

    private static RecordBatch Assemble(RecordBatch physical, AddFile file, Snapshot snapshot, Schema columns) =>
        Assemble(physical, file.PartitionValues, snapshot, columns);

    private static RecordBatch Assemble(RecordBatch physical, IReadOnlyDictionary<string, string?> partitionValues, Snapshot snapshot, Schema columns)
    {
        IEnumerable<IArrowArray> arrays = columns.FieldsList.Select(field => snapshot.PartitionColumns.Contains(field.Name, StringComparer.Ordinal)
            ? PartitionValues.Materialize(partitionValues.GetValueOrDefault(field.Name), field, physical.Length)
            : physical.Column(physical.Schema.PositionOf(field.Name)));
        return new RecordBatch(columns, [.. arrays], physical.Length);
    }
}
