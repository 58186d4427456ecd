using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>Writes the state of a version as a classic checkpoint in one file, and the hint that leads to it.</summary>
internal static class CheckpointWriter
{
    private const int RowsPerBatch = 50_000;

    /// <summary>Does nothing when the version has a checkpoint already.</summary>
    public static async Task WriteAsync(ITableStorage storage, Snapshot snapshot, TimeProvider time, CancellationToken cancellationToken)
    {
        string path = LogPaths.Checkpoint(snapshot.Version);
        if (await storage.StatAsync(path, cancellationToken).ConfigureAwait(false) is not null)
        {
            return;
        }

        long expired = Before(time, snapshot.TableProperties.DeletedFileRetention);
        List<DeltaAction> actions = [snapshot.Protocol, snapshot.Metadata];
        actions.AddRange(snapshot.Transactions.Values.Where(transaction => !IsExpired(transaction, snapshot, time)));
        actions.AddRange(snapshot.Domains.Values);
        actions.AddRange(snapshot.Tombstones
            .Where(r => (r.DeletionTimestamp ?? 0) > expired)
            .OrderBy(r => r.Path, StringComparer.Ordinal).ThenBy(r => r.DeletionVector?.UniqueId, StringComparer.Ordinal));
        actions.AddRange(snapshot.Files);
        WrittenParquet written;
        try
        {
            written = await ParquetFiles
                .WriteAsync(storage, path, CheckpointSchema.Written, actions.Chunk(RowsPerBatch).Select(ToBatch), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Another writer may have been as fast; its checkpoint of this version says the same.
            if (await storage.StatAsync(path, cancellationToken).ConfigureAwait(false) is not null)
            {
                return;
            }

            throw;
        }

        JsonObject hint = new()
        {
            ["version"] = snapshot.Version,
            ["size"] = written.Rows,
            ["sizeInBytes"] = written.Size,
            ["numOfAddFiles"] = snapshot.FileCount,
        };
        await storage.PutAsync(LogPaths.LastCheckpoint, System.Text.Encoding.UTF8.GetBytes(hint.ToJsonString()), cancellationToken).ConfigureAwait(false);
    }

    private static bool IsExpired(SetTransaction transaction, Snapshot snapshot, TimeProvider time) =>
        snapshot.TableProperties.SetTransactionRetention is { } retention
        && transaction.LastUpdated is { } updated && updated <= Before(time, retention);

    // In milliseconds, because a retention may reach before the first year a date can have.
    private static long Before(TimeProvider time, TimeSpan retention) => time.GetUtcNow().ToUnixTimeMilliseconds() - (long)retention.TotalMilliseconds;

    private static RecordBatch ToBatch(DeltaAction[] actions)
    {
        StructArray txn = Column<SetTransaction>(CheckpointSchema.Txn, actions)
            .String(t => t.AppId).Long(t => t.Version).Long(t => t.LastUpdated).Build();
        StructArray add = Column<AddFile>(CheckpointSchema.Add, actions)
            .String(a => a.Path).Map(a => a.PartitionValues).Long(a => a.Size).Long(a => a.ModificationTime).Bool(_ => false).Map(a => a.Tags)
            .Struct(a => a.DeletionVector, DeletionVector).Long(a => a.BaseRowId).Long(a => a.DefaultRowCommitVersion).String(a => a.ClusteringProvider)
            .String(a => a.Stats).Build();
        StructArray remove = Column<RemoveFile>(CheckpointSchema.Remove, actions)
            .String(r => r.Path).Long(r => r.DeletionTimestamp).Bool(_ => false).Bool(r => r.ExtendedFileMetadata).Map(r => r.PartitionValues)
            .Long(r => r.Size).Struct(r => r.DeletionVector, DeletionVector).Long(r => r.BaseRowId).Long(r => r.DefaultRowCommitVersion).Build();
        StructArray metadata = Column<MetadataAction>(CheckpointSchema.Metadata, actions)
            .String(m => m.Id).String(m => m.Name).String(m => m.Description)
            .Struct(m => m, f => f.String(m => m.FormatProvider).Map(m => m.FormatOptions))
            .String(m => m.SchemaString).List(m => m.PartitionColumns).Map(m => m.Configuration).Long(m => m.CreatedTime).Build();
        StructArray protocol = Column<ProtocolAction>(CheckpointSchema.Protocol, actions)
            .Int(p => p.MinReaderVersion).Int(p => p.MinWriterVersion).List(p => p.ReaderFeatures).List(p => p.WriterFeatures).Build();
        StructArray domain = Column<DomainMetadata>(CheckpointSchema.Domain, actions)
            .String(d => d.Domain).String(d => d.Configuration).Bool(d => d.Removed).Build();
        return new RecordBatch(CheckpointSchema.Written, [txn, add, remove, metadata, protocol, domain], actions.Length);
    }

    private static StructColumn<DeletionVectorDescriptor> DeletionVector(StructColumn<DeletionVectorDescriptor> column) =>
        column.String(d => d.StorageType).String(d => d.PathOrInlineDv).Int(d => d.Offset).Int(d => d.SizeInBytes).Long(d => d.Cardinality);

    private static StructColumn<T> Column<T>(Apache.Arrow.Types.StructType type, DeltaAction[] actions)
        where T : DeltaAction => new(type, [.. actions.Select(a => a as T)]);
}
