using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>Describes a snapshot to its user.</summary>
internal static class TableDescriptions
{

    public static TableDescription Of(Snapshot snapshot, string location)
    {
        ProtocolAction protocol = snapshot.Protocol;
        return new TableDescription
        {
            Id = snapshot.TableId,
            Name = snapshot.Metadata.Name,
            Description = snapshot.Metadata.Description,
            Location = location,
            CreatedAt = snapshot.Metadata.CreatedTime is { } created ? DateTimeOffset.FromUnixTimeMilliseconds(created) : null,
            LastModified = DateTimeOffset.FromUnixTimeMilliseconds(snapshot.Timestamp),
            Version = snapshot.Version,
            PartitionColumns = snapshot.PartitionColumns,
            ClusteringColumns = ClusteredBy(snapshot),
            FileCount = snapshot.FileCount,
            SizeInBytes = snapshot.SizeInBytes,
            RowCount = snapshot.RowCount,
            DeletionVectorCount = snapshot.DeletionVectorCount,
            DeletedRowCount = snapshot.DeletedRowCount,
            Properties = snapshot.Properties,
            MinReaderVersion = protocol.MinReaderVersion,
            MinWriterVersion = protocol.MinWriterVersion,
            Features =
            [
                .. TableFeature.OfReader(protocol.MinReaderVersion, protocol.ReaderFeatures)
                    .Union(TableFeature.OfWriter(protocol.MinWriterVersion, protocol.WriterFeatures), StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
        };
    }

    private static List<string> ClusteredBy(Snapshot snapshot) =>
        [.. ClusteringColumns.Of(snapshot).Select(path => Logical(path, snapshot.DeltaSchema, snapshot.Mapping.IsMapped))];

    private static string Logical(IReadOnlyList<string> parts, StructType schema, bool mapped)
    {
        List<string> names = [];
        DataType? type = schema;
        foreach (string part in parts)
        {
            StructField? field = (type as StructType)?.Fields.FirstOrDefault(f => string.Equals(mapped ? ColumnMapping.PhysicalName(f) : f.Name, part, StringComparison.Ordinal));
            names.Add(field?.Name ?? part);
            type = field?.Type;
        }

        return string.Join('.', names);
    }
}
