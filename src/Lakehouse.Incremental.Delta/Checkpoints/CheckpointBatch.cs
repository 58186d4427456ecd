using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>Makes rows of actions: each has one column that is not null.</summary>
internal static class CheckpointBatch
{
    /// <param name="layout">The table's layout.</param>
    /// <param name="schema">The columns of the file, some of the layout's.</param>
    /// <param name="actions">One a row; of kinds that have a column.</param>
    public static RecordBatch Of(CheckpointLayout layout, Schema schema, DeltaAction[] actions) =>
        new(schema, schema.FieldsList.Select(field => Column(layout, field, actions)), actions.Length);

    private static StructArray Column(CheckpointLayout layout, Field field, DeltaAction[] actions) => field.Name switch
    {
        "txn" => Rows<SetTransaction>(CheckpointSchema.Txn, actions).String(t => t.AppId).Long(t => t.Version).Long(t => t.LastUpdated).Build(),
        "add" => Adds(layout, actions),
        "remove" => Rows<RemoveFile>(CheckpointSchema.Remove, actions)
            .String(r => r.Path).Long(r => r.DeletionTimestamp).Bool(_ => false).Bool(r => r.ExtendedFileMetadata).Map(r => r.PartitionValues)
            .Long(r => r.Size).Struct(r => r.DeletionVector, DeletionVector).Long(r => r.BaseRowId).Long(r => r.DefaultRowCommitVersion).Build(),
        "metaData" => Rows<MetadataAction>(CheckpointSchema.Metadata, actions)
            .String(m => m.Id).String(m => m.Name).String(m => m.Description)
            .Struct(m => m, f => f.String(m => m.FormatProvider).Map(m => m.FormatOptions))
            .String(m => m.SchemaString).List(m => m.PartitionColumns).Map(m => m.Configuration).Long(m => m.CreatedTime).Build(),
        "protocol" => Rows<ProtocolAction>(CheckpointSchema.Protocol, actions)
            .Int(p => p.MinReaderVersion).Int(p => p.MinWriterVersion).List(p => p.ReaderFeatures).List(p => p.WriterFeatures).Build(),
        "domainMetadata" => Rows<DomainMetadata>(CheckpointSchema.Domain, actions)
            .String(d => d.Domain).String(d => d.Configuration).Bool(d => d.Removed).Build(),
        "sidecar" => Rows<SidecarFile>(CheckpointSchema.Sidecar, actions)
            .String(s => s.Path).Long(s => s.SizeInBytes).Long(s => s.ModificationTime).Map<string>(_ => null).Build(),
        _ => Rows<CheckpointMetadata>(CheckpointSchema.CheckpointMetadata, actions).Long(c => c.Version).Map<string>(_ => null).Build(),
    };

    private static StructArray Adds(CheckpointLayout layout, DeltaAction[] actions)
    {
        StructColumn<AddFile> add = Rows<AddFile>(layout.Add, actions)
            .String(a => a.Path).Map(a => a.PartitionValues).Long(a => a.Size).Long(a => a.ModificationTime).Bool(_ => false).Map(a => a.Tags)
            .Struct(a => a.DeletionVector, DeletionVector).Long(a => a.BaseRowId).Long(a => a.DefaultRowCommitVersion).String(a => a.ClusteringProvider);
        if (layout.StatsAsText)
        {
            add.String(a => a.Stats);
        }

        if (layout.Partitions is { } partitions)
        {
            add.Ready(JsonColumns.Partitions(partitions, [.. actions.Select(static a => (a as AddFile)?.PartitionValues)]));
        }

        if (layout.Stats is { } stats)
        {
            add.Ready(JsonColumns.Struct(stats, JsonColumns.Parse(actions.Select(static a => (a as AddFile)?.Stats))));
        }

        return add.Build();
    }

    private static StructColumn<DeletionVectorDescriptor> DeletionVector(StructColumn<DeletionVectorDescriptor> column) =>
        column.String(d => d.StorageType).String(d => d.PathOrInlineDv).Int(d => d.Offset).Int(d => d.SizeInBytes).Long(d => d.Cardinality);

    private static StructColumn<T> Rows<T>(StructType type, DeltaAction[] actions)
        where T : DeltaAction => new(type, [.. actions.Select(a => a as T)]);
}
