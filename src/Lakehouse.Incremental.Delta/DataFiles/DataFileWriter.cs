using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;
using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Writes rows of a table to new data files and returns the actions that would add them. Nothing is visible before these are committed.
/// </summary>
internal sealed class DataFileWriter(ITableStorage storage, DataFileCache cache, IdSource ids, TimeProvider time, long maxRowsPerFile, ILogger logger)
{
    public const string ChangeType = "_change_type";

    /// <inheritdoc cref="WriteAsync(Snapshot, IReadOnlyList{RecordBatch}, RowOrigin, CancellationToken)"/>
    public Task<IReadOnlyList<AddFile>> WriteAsync(Snapshot snapshot, IReadOnlyList<RecordBatch> rows, CancellationToken cancellationToken) =>
        WriteAsync(snapshot, rows, RowOrigin.Given, cancellationToken);

    /// <summary>Writes rows in the table's schema: a directory a partition, rows in their order, so many a file.</summary>
    /// <exception cref="InvalidRowsException">A NOT NULL column has nulls, or rows break a rule of the table; nothing was written.</exception>
    public async Task<IReadOnlyList<AddFile>> WriteAsync(
        Snapshot snapshot, IReadOnlyList<RecordBatch> rows, RowOrigin origin, CancellationToken cancellationToken)
    {
        NotNullCheck.Check(storage.Name, snapshot.Schema, rows);
        if (origin != RowOrigin.Table)
        {
            Check(snapshot, rows, origin);
        }

        List<AddFile> files = [];
        await WholeAsync(() => files.Select(static file => file.Path), async () =>
        {
            foreach ((string directory, IReadOnlyDictionary<string, string?> values, RecordBatch part) in Parts(snapshot, rows))
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"part-{files.Count:00000}-{ids.NewId()}.c000.zstd.parquet");
                (string path, long size) = await WriteAsync(snapshot, part, directory + name, cancellationToken).ConfigureAwait(false);
                cache.Add(path, snapshot.Metadata.SchemaString, part);
                files.Add(new AddFile
                {
                    Path = path,
                    PartitionValues = values,
                    Size = size,
                    ModificationTime = time.GetUtcNow().ToUnixTimeMilliseconds(),
                    DataChange = true,
                    Stats = StatisticsCollector.Collect([part], part.Schema, snapshot),
                });
            }
        }).ConfigureAwait(false);
        return files;
    }

    /// <summary>Writes change data: rows in the table's schema and a last column <c>_change_type</c>.</summary>
    public async Task<IReadOnlyList<AddCdcFile>> WriteChangesAsync(Snapshot snapshot, IReadOnlyList<RecordBatch> rows,
        CancellationToken cancellationToken)
    {
        List<AddCdcFile> files = [];
        await WholeAsync(() => files.Select(static file => file.Path), async () =>
        {
            foreach ((string directory, IReadOnlyDictionary<string, string?> values, RecordBatch part) in Parts(snapshot, rows))
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"cdc-{files.Count:00000}-{ids.NewId()}.c000.zstd.parquet");
                (string path, long size) =
                    await WriteAsync(snapshot, part, "_change_data/" + directory + name, cancellationToken).ConfigureAwait(false);
                files.Add(new AddCdcFile { Path = path, PartitionValues = values, Size = size });
            }
        }).ConfigureAwait(false);
        return files;
    }

    // The caller learns the names of all files or of none, so those before one that fails are deleted here.
    private async Task WholeAsync(Func<IEnumerable<string>> written, Func<Task> write)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch
        {
            await OrphanFiles.DiscardAsync(storage, logger, written().Select(DataFilePath.Decode)).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<(string LogPath, long Size)> WriteAsync(Snapshot snapshot, RecordBatch part, string path, CancellationToken cancellationToken)
    {
        RecordBatch stored = snapshot.Mapping.ToPhysical(part);
        WrittenParquet written = await ParquetFiles.WriteAsync(storage, path, stored.Schema, [stored], cancellationToken).ConfigureAwait(false);
        return (DataFilePath.Encode(path), written.Size);
    }

    private void Check(Snapshot snapshot, IReadOnlyList<RecordBatch> rows, RowOrigin origin)
    {
        RowRules rules = RowRules.Of(snapshot);
        if (origin == RowOrigin.Given)
        {
            rules.RefuseGivenIdentity(storage.Name);
        }

        rules.Check(storage.Name, rows);
    }

    private IEnumerable<(string Directory, IReadOnlyDictionary<string, string?> Values, RecordBatch Rows)> Parts(
        Snapshot snapshot, IReadOnlyList<RecordBatch> rows) =>
        PartitionSplitter.Split(snapshot, rows).SelectMany(partition => Chunks(partition.Rows).Select(part => (partition.Directory, partition.Values, part)));

    private IEnumerable<RecordBatch> Chunks(RecordBatch rows)
    {
        for (long start = 0; start < rows.Length; start += maxRowsPerFile)
        {
            int length = (int)Math.Min(maxRowsPerFile, rows.Length - start);
            yield return length == rows.Length ? rows : SliceKernel.Slice(rows, (int)start, length);
        }
    }
}
