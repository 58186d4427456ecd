using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>Reads Parquet checkpoints: classic ones of one or several parts, top levels of V2 ones, and sidecars. Columns a file lacks are null.</summary>
internal sealed class ParquetCheckpointReader : ICheckpointReader
{
    public async Task<IReadOnlyList<DeltaAction>> ReadAsync(ITableStorage storage, CheckpointFiles checkpoint, CancellationToken cancellationToken)
    {
        List<DeltaAction> actions = [];
        foreach (string path in checkpoint.Paths)
        {
            try
            {
                List<IncompleteFile> incomplete = [];
                await foreach (FileBatch part in ParquetFiles.ReadAsync(storage, path, CheckpointSchema.Read, cancellationToken: cancellationToken).ConfigureAwait(false))
                {
                    Collect(part, actions, incomplete);
                }

                if (incomplete.Count > 0)
                {
                    await ParsedColumns.CompleteAsync(storage, path, incomplete, actions, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (error is FileNotFoundException or InvalidOperationException or ArgumentException)
            {
                throw new CorruptTableException(ErrorCodes.CorruptFile, $"The checkpoint {path} of table {storage.Name} cannot be read: {error.Message}", error) { Table = storage.Name };
            }
        }

        return actions;
    }

    private static void Collect(FileBatch part, List<DeltaAction> actions, List<IncompleteFile> incomplete)
    {
        RecordBatch batch = part.Batch;
        Each("protocol", (p, row) => new ProtocolAction
        {
            MinReaderVersion = p.Int("minReaderVersion", row)!.Value,
            MinWriterVersion = p.Int("minWriterVersion", row)!.Value,
            ReaderFeatures = p.List("readerFeatures", row),
            WriterFeatures = p.List("writerFeatures", row),
        });
        CollectMetadata();
        Each("txn", (t, row) => new SetTransaction(t.Required("appId", row), t.Long("version", row)!.Value, t.Long("lastUpdated", row)));
        Each("domainMetadata", (d, row) => new DomainMetadata(d.Required("domain", row), d.String("configuration", row) ?? "", d.Bool("removed", row) ?? false));
        CollectFiles();
        Each("sidecar", (s, row) => new SidecarFile(s.Required("path", row), s.Long("sizeInBytes", row)!.Value, s.Long("modificationTime", row)!.Value));
        Each("checkpointMetadata", (c, row) => new CheckpointMetadata(c.Long("version", row)!.Value));

        void CollectMetadata()
        {
            StructRows column = Column("metaData");
            StructRows format = column.Struct("format");
            Each("metaData", (m, row) => new MetadataAction
            {
                Id = m.Required("id", row),
                Name = m.String("name", row),
                Description = m.String("description", row),
                FormatProvider = format.String("provider", row) ?? "parquet",
                FormatOptions = NotNull(format.Map("options", row)),
                SchemaString = m.Required("schemaString", row),
                PartitionColumns = m.List("partitionColumns", row) ?? [],
                Configuration = NotNull(m.Map("configuration", row)),
                CreatedTime = m.Long("createdTime", row),
            });
        }

        void CollectFiles()
        {
            StructRows addVectors = Column("add").Struct("deletionVector");
            Each("add", (a, row) => Noted(row, a.Map("partitionValues", row), new AddFile
            {
                Path = a.Required("path", row),
                Size = a.Long("size", row) ?? 0,
                ModificationTime = a.Long("modificationTime", row) ?? 0,
                DataChange = false,
                Stats = a.String("stats", row),
                Tags = a.Map("tags", row),
                DeletionVector = Vector(addVectors, row),
                BaseRowId = a.Long("baseRowId", row),
                DefaultRowCommitVersion = a.Long("defaultRowCommitVersion", row),
                ClusteringProvider = a.String("clusteringProvider", row),
            }));
            StructRows removeVectors = Column("remove").Struct("deletionVector");
            Each("remove", (r, row) => new RemoveFile
            {
                Path = r.Required("path", row),
                DataChange = false,
                DeletionTimestamp = r.Long("deletionTimestamp", row),
                ExtendedFileMetadata = r.Bool("extendedFileMetadata", row),
                PartitionValues = r.Map("partitionValues", row),
                Size = r.Long("size", row),
                DeletionVector = Vector(removeVectors, row),
                BaseRowId = r.Long("baseRowId", row),
                DefaultRowCommitVersion = r.Long("defaultRowCommitVersion", row),
            });
        }

        AddFile Noted(int row, Dictionary<string, string?>? values, AddFile file)
        {
            if (file.Stats is null || values is null)
            {
                incomplete.Add(new IncompleteFile(part.FirstRow + row, actions.Count, values is null));
            }

            return file with { PartitionValues = values ?? [] };
        }

        StructRows Column(string name) => new(batch.Column(batch.Schema.PositionOf(name)).Data);

        void Each(string name, Func<StructRows, int, DeltaAction> read)
        {
            StructRows column = Column(name);
            for (int row = 0; row < column.Length; row++)
            {
                if (!column.IsNull(row))
                {
                    actions.Add(read(column, row));
                }
            }
        }
    }

    private static DeletionVectorDescriptor? Vector(StructRows column, int row) => column.IsNull(row) || column.String("storageType", row) is not { } type
        ? null
        : new DeletionVectorDescriptor(
            type, column.Required("pathOrInlineDv", row), column.Int("offset", row), column.Int("sizeInBytes", row)!.Value, column.Long("cardinality", row)!.Value);

    private static Dictionary<string, string> NotNull(Dictionary<string, string?>? map) => (map ?? []).ToDictionary(e => e.Key, e => e.Value ?? "", StringComparer.Ordinal);
}
