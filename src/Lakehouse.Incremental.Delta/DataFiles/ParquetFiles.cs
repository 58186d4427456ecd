using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Storage;
using ParquetSharp;
using ParquetSharp.Arrow;
using TimeUnit = Apache.Arrow.Types.TimeUnit;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Reads and writes Parquet. The only place that knows the library that does it; native memory does not leave it.</summary>
internal static class ParquetFiles
{
    /// <summary>Small enough that fetching scattered rows does not read the file, large enough to compress and scan well.</summary>
    private const int RowGroupRows = 131_072;

    private const int BatchRows = 65_536;

    /// <summary>Writes a file with the columns of <paramref name="schema"/>, in the form of <see cref="ParquetLayout"/>.</summary>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: none of the columns is of a type that is stored.
    /// </exception>
    public static async Task<WrittenParquet> WriteAsync(
        ITableStorage storage, string path, Schema schema, IEnumerable<RecordBatch> batches, CancellationToken cancellationToken)
    {
        int[] columns = [.. Enumerable.Range(0, schema.FieldsList.Count).Where(i => ParquetLayout.Stored(schema.GetFieldByIndex(i)) is not null)];
        if (columns.Length == 0)
        {
            throw new LakehouseException(ErrorCodes.InvalidConfiguration, $"Rows of {storage.Name} have no column that a file can hold.");
        }

        Schema written = new([.. columns.Select(i => ParquetLayout.Stored(schema.GetFieldByIndex(i))!)], null);
        StorageWriter file = await storage.CreateAsync(path, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable disposal = file.ConfigureAwait(false);
        WatchedStream stream = new(file.Stream);
        long rows;
        try
        {
            rows = Write(stream, written, Narrow(), cancellationToken);
        }
        catch (ParquetException) when (stream.Failed)
        {
            stream.ThrowFailure();
            throw;
        }

        return new WrittenParquet(await file.CompleteAsync(cancellationToken).ConfigureAwait(false), rows);

        IEnumerable<RecordBatch> Narrow() => batches.Select(batch => new RecordBatch(
            written, columns.Select((c, i) => ParquetLayout.Stored(batch.Column(c), written.GetFieldByIndex(i).DataType)), batch.Length));
    }

    private static long Write(WatchedStream stream, Schema schema, IEnumerable<RecordBatch> batches, CancellationToken cancellationToken)
    {
        long rows = 0;
        using WriterPropertiesBuilder builder = new();
        using WriterProperties properties =
            builder.Compression(Compression.Zstd).CompressionLevel(1).MaxRowGroupLength(RowGroupRows).CreatedBy("Lakehouse.Incremental")
                .EnablePageChecksum().EnableStoreDecimalAsInteger().Build();
        using ArrowWriterPropertiesBuilder arrowBuilder = new();
        using ArrowWriterProperties arrow = arrowBuilder.EnableCompliantNestedTypes().UseThreads(false).Build();
        using FileWriter writer = new(stream, schema, properties, arrow, leaveOpen: true);
        foreach (RecordBatch batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (batch.Length > 0)
            {
                writer.WriteBufferedRecordBatch(batch);
                GC.KeepAlive(batch);
                rows += batch.Length;
            }
        }

        writer.Close();
        return rows;
    }

    /// <summary>Reads a file, in order.</summary>
    /// <param name="storage">Where it is.</param>
    /// <param name="path">Its decoded path.</param>
    /// <param name="wanted">The columns of the result, by name: nulls for those the file lacks, converted where the file has a narrower type. Null
    /// reads all columns as the file has them.</param>
    /// <param name="wantedRows">When given, row groups without any of these positions (ascending) are passed over.</param>
    /// <param name="byFieldId">Whether columns are found by the field ids in their metadata instead of by name.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public static async IAsyncEnumerable<FileBatch> ReadAsync(
        ITableStorage storage, string path, Schema? wanted, ReadOnlyMemory<int>? wantedRows = null, bool byFieldId = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Stream opened = await OpenAsync(storage, path, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable disposal = opened.ConfigureAwait(false);
        WatchedStream stream = new(opened);
        ParquetGuard guard = new(storage.Name, path, stream);
        using ArrowReaderProperties properties = ArrowReaderProperties.GetDefault();
        properties.UseThreads = false;
        properties.BatchSize = BatchRows;

        // Reading ahead would let native threads hold the file, and call back into the stream, after the reader is disposed.
        properties.PreBuffer = false;
        properties.CoerceInt96TimestampUnit = TimeUnit.Microsecond;
        using ReaderProperties checks = Checks(opened.Length);
        using FileReader reader = guard.Run(() => new FileReader(stream, checks, properties, leaveOpen: true));
        Schema stored = guard.Run(() => reader.Schema);
        guard.Run(() => FixedWidths.Check(reader, stored, opened.Length));
        stream.ExpectPages();
        Schema result = wanted ?? stored;
        Schema file = guard.Run(() => byFieldId ? FieldIds.Align(stored, result) : FieldNames.Align(stored, result));
        bool renames = !ReferenceEquals(file, stored);
        int[] leaves = ParquetProjection.Leaves(file, result);
        foreach ((int group, long firstRow, long groupRows) in guard.Run(() => RowGroups(reader, wantedRows)))
        {
            if (leaves.Length == 0)
            {
                for (long done = 0; done < groupRows; done += RowGroupRows)
                {
                    yield return new FileBatch(ParquetProjection.Nulls(result, (int)Math.Min(RowGroupRows, groupRows - done)), firstRow + done);
                }

                continue;
            }

            using IArrowArrayStream rows = guard.Run(() => reader.GetRecordBatchReader([group], leaves));
            long row = firstRow;
            while (await guard.RunAsync(() => rows.ReadNextRecordBatchAsync(cancellationToken)).ConfigureAwait(false) is { } native)
            {
                using (native)
                {
                    RecordBatch batch = guard.Run(() => ParquetProjection.Project(renames ? Aligned(native, result, byFieldId) : native, result));
                    yield return new FileBatch(batch, row);
                    row += batch.Length;
                }
            }

            if (row - firstRow != groupRows)
            {
                throw guard.Corrupt(string.Create(CultureInfo.InvariantCulture, $"a row group holds {row - firstRow} rows instead of {groupRows}"));
            }
        }
    }

    private static RecordBatch Aligned(RecordBatch native, Schema wanted, bool byFieldId) =>
        byFieldId ? FieldIds.Align(native, wanted) : RetypeKernel.Retype(native, FieldNames.Align(native.Schema, wanted));

    /// <summary>Reads a whole file into one batch.</summary>
    public static async Task<RecordBatch> ReadAllAsync(ITableStorage storage, string path, Schema wanted, CancellationToken cancellationToken)
    {
        List<RecordBatch> parts = [];
        await foreach (FileBatch part in ReadAsync(storage, path, wanted, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            parts.Add(part.Batch);
        }

        return parts.Count == 1 ? parts[0] : ConcatKernel.Concat(wanted, parts);
    }

    /// <summary>The columns of a file as it has them.</summary>
    public static async Task<Schema> ReadSchemaAsync(ITableStorage storage, string path, CancellationToken cancellationToken)
    {
        Stream opened = await OpenAsync(storage, path, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable disposal = opened.ConfigureAwait(false);
        WatchedStream stream = new(opened);
        ParquetGuard guard = new(storage.Name, path, stream);
        using ArrowReaderProperties properties = ArrowReaderProperties.GetDefault();
        properties.CoerceInt96TimestampUnit = TimeUnit.Microsecond;
        using FileReader reader = guard.Run(() => new FileReader(stream, null, properties, leaveOpen: true));
        return guard.Run(() => reader.Schema);
    }

    private static List<(int Group, long FirstRow, long Rows)> RowGroups(FileReader reader, ReadOnlyMemory<int>? wanted)
    {
        List<(int, long, long)> groups = [];
        long first = 0;
        long smallest = 0;
        using ParquetFileReader parquet = reader.ParquetReader;
        for (int group = 0; group < reader.NumRowGroups; group++)
        {
            using RowGroupReader rowGroup = parquet.RowGroup(group);
            long rows = rowGroup.MetaData.NumRows;
            if (wanted is not { } positions || Holds(positions.Span, first, first + rows))
            {
                groups.Add((group, first, rows));
            }

            first += rows;
            smallest = Math.Min(smallest, rows);
        }

        return smallest >= 0 && first == parquet.FileMetaData.NumRows
            ? groups
            : throw new InvalidDataException("its row groups do not add up to the rows of the file");
    }

    // Every element of a list, and every character of a text, takes a byte at least: a file cannot hold more than it has bytes.
    private static ReaderProperties Checks(long fileSize)
    {
        ReaderProperties checks = ReaderProperties.GetDefaultReaderProperties();
        checks.EnablePageChecksumVerification();
        checks.SetThriftContainerSizeLimit((int)Math.Clamp(fileSize, 1, checks.ThriftContainerSizeLimit));
        checks.SetThriftStringSizeLimit((int)Math.Clamp(fileSize, 1, checks.ThriftStringSizeLimit));
        return checks;
    }

    private static bool Holds(ReadOnlySpan<int> ascending, long from, long to)
    {
        int position = ascending.BinarySearch(checked((int)Math.Min(from, int.MaxValue)));
        position = position < 0 ? ~position : position;
        return position < ascending.Length && ascending[position] < to;
    }

    private static async Task<Stream> OpenAsync(ITableStorage storage, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await storage.OpenReadAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException error)
        {
            throw new CorruptTableException(ErrorCodes.CorruptFile, $"The file {path} of table {storage.Name} is missing.", error)
            {
                Table = storage.Name,
            };
        }
    }
}
