using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

/// <summary>What the data files of a table need of it, without a log.</summary>
internal sealed class TestTable
{
    public TestTable(StructType schema, string[]? partitionColumns = null, long cacheBytes = 0, int maxRowsPerFile = 1_000_000)
    {
        Snapshot = Of(schema, partitionColumns ?? [], []);
        Cache = new DataFileCache(cacheBytes);
        Reader = new DataFileReader(new FileLocator(Storage, []), Cache);
        Writer = new DataFileWriter(Storage, Cache, IdSource.Sequential(1), TimeProvider.System, maxRowsPerFile, NullLogger.Instance);
    }

    public InMemoryTableStorage Storage { get; } = new();

    public Snapshot Snapshot { get; }

    public DataFileCache Cache { get; }

    public DataFileReader Reader { get; }

    public DataFileWriter Writer { get; }

    public static Snapshot Of(StructType schema, IReadOnlyList<string> partitionColumns, Dictionary<string, string> properties,
        params DeltaAction[] more)
    {
        SnapshotBuilder builder = new(SnapshotState.Empty, null, null);
        MetadataAction metadata =
            new() { Id = "t", SchemaString = SchemaJson.Write(schema), PartitionColumns = partitionColumns, Configuration = properties };
        builder.ApplyCheckpoint(0, [new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 2 }, metadata, .. more]);
        return builder.Build();
    }

    public Task<IReadOnlyList<AddFile>> WriteAsync(params RecordBatch[] rows) => Writer.WriteAsync(Snapshot, rows, CancellationToken.None);

    public async Task<List<FileBatch>> ReadAsync(AddFile file, Schema? columns = null)
    {
        List<FileBatch> parts = [];
        await foreach (FileBatch part in Reader.ReadAsync(Snapshot, file, columns ?? Snapshot.Schema, CancellationToken.None))
        {
            parts.Add(part);
        }

        return parts;
    }

    public async Task<List<string>> PathsAsync()
    {
        List<string> paths = [];
        await foreach (StoredFile file in Storage.ListAsync(""))
        {
            paths.Add(file.Path);
        }

        return paths;
    }
}
