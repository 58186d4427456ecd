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
internal sealed class DataFileReader(FileLocator files, DataFileCache cache)
{
    /// <summary>All physical rows of a file, in order.</summary>
    /// <param name="snapshot">The table at the version whose schema is read.</param>
    /// <param name="file">A file of the table.</param>
    /// <param name="columns">Columns of the table's schema; the schema of the result.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public async IAsyncEnumerable<FileBatch> ReadAsync(
        Snapshot snapshot, AddFile file, Schema columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await WholeAsync(snapshot, file, columns, cancellationToken).ConfigureAwait(false) is { } whole)
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
        await foreach (FileBatch part in ReadStoredAsync(snapshot, logPath, columns, null, cancellationToken).ConfigureAwait(false))
        {
            yield return part with { Batch = Assemble(part.Batch, partitionValues, snapshot, columns) };
        }
    }

    /// <summary>Some rows of a file, by ascending position; only the row groups that hold them are read.</summary>
    public async Task<RecordBatch> ReadRowsAsync(
        Snapshot snapshot, AddFile file, Schema columns, ReadOnlyMemory<int> rows, CancellationToken cancellationToken)
    {
        if (await WholeAsync(snapshot, file, columns, cancellationToken).ConfigureAwait(false) is { } whole)
        {
            return rows.IsEmpty || rows.Span[^1] < whole.Length
                ? TakeKernel.Take(Assemble(whole, file, snapshot, columns), rows.Span)
                : throw TooFewRows(file);
        }

        List<RecordBatch> taken = [];
        int next = 0;
        await foreach (FileBatch part in ReadStoredAsync(snapshot, file.Path, columns, rows, cancellationToken).ConfigureAwait(false))
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

    // Null when the file is too large to be kept, or when columns are asked for that only files have.
    private async ValueTask<RecordBatch?> WholeAsync(Snapshot snapshot, AddFile file, Schema columns, CancellationToken cancellationToken)
    {
        if (columns.FieldsList.Any(field => snapshot.Schema.PositionOf(field.Name) < 0))
        {
            return null;
        }

        string schema = snapshot.Metadata.SchemaString;
        if (cache.Find(file.Path, schema) is { } cached)
        {
            return cached;
        }

        if (!cache.Admits(file.Path, file.Size))
        {
            return null;
        }

        List<RecordBatch> parts = [];
        await foreach (FileBatch part in ReadStoredAsync(snapshot, file.Path, snapshot.Schema, null, cancellationToken).ConfigureAwait(false))
        {
            parts.Add(part.Batch);
        }

        RecordBatch whole = parts.Count == 1 ? parts[0] : ConcatKernel.Concat(Stored(snapshot, snapshot.Schema), parts);
        CheckRows(file, whole.Length);
        cache.Add(file.Path, schema, whole);
        return whole;
    }

    /// <summary>The columns that lie in the file itself, under the names of the table.</summary>
    private async IAsyncEnumerable<FileBatch> ReadStoredAsync(
        Snapshot snapshot, string logPath, Schema columns, ReadOnlyMemory<int>? rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Schema logical = Stored(snapshot, columns);
        (ITableStorage storage, string path) = files.Locate(logPath);
        IAsyncEnumerable<FileBatch> parts = ParquetFiles.ReadAsync(
            storage, path, snapshot.Mapping.ToPhysical(logical), rows, snapshot.Mapping.Mode == ColumnMappingMode.Id, cancellationToken);
        await foreach (FileBatch part in parts.ConfigureAwait(false))
        {
            yield return part with { Batch = snapshot.Mapping.ToLogical(part.Batch, logical) };
        }
    }

    private static Schema Stored(Snapshot snapshot, Schema columns) =>
        new([.. columns.FieldsList.Where(f => !snapshot.PartitionColumns.Contains(f.Name, StringComparer.Ordinal))], null);

    // The statistics count rows apart from the file: of a file that lost some, one of the two numbers is wrong.
    private void CheckRows(AddFile file, long rows)
    {
        if (RowCounts.NumRecords(file.Stats) is { } expected && expected != rows)
        {
            throw Corrupt(FormattableString.Invariant($"The file {file.Path} of table {files.Table.Name} holds {rows} rows, by the log it has {expected}."));
        }
    }

    private CorruptTableException TooFewRows(AddFile file) =>
        Corrupt($"The file {file.Path} of table {files.Table.Name} has fewer rows than a deletion vector says.");

    private CorruptTableException Corrupt(string message) => new(ErrorCodes.CorruptFile, message) { Table = files.Table.Name };

    private static RecordBatch Assemble(RecordBatch physical, AddFile file, Snapshot snapshot, Schema columns) =>
        Assemble(physical, file.PartitionValues, snapshot, columns);

    private static RecordBatch Assemble(RecordBatch physical, IReadOnlyDictionary<string, string?> partitionValues, Snapshot snapshot, Schema columns)
    {
        IEnumerable<IArrowArray> arrays = columns.FieldsList.Select(field => snapshot.PartitionColumns.Contains(field.Name, StringComparer.Ordinal)
            ? PartitionValues.Materialize(snapshot.PartitionValue(partitionValues, field.Name), field, physical.Length)
            : physical.Column(physical.Schema.PositionOf(field.Name)));
        return new RecordBatch(columns, [.. arrays], physical.Length);
    }
}
