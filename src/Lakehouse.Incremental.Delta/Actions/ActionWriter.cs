using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>Writes actions with the field order of the protocol text; absent fields are left out.</summary>
internal static class ActionWriter
{
    public static void Write(Utf8JsonWriter writer, DeltaAction action)
    {
        writer.WriteStartObject();
        switch (action)
        {
            case AddFile add:
                WriteAdd(writer, add);
                break;
            case RemoveFile remove:
                WriteRemove(writer, remove);
                break;
            case AddCdcFile cdc:
                WriteCdc(writer, cdc);
                break;
            case MetadataAction metadata:
                WriteMetadata(writer, metadata);
                break;
            case ProtocolAction protocol:
                WriteProtocol(writer, protocol);
                break;
            case SetTransaction transaction:
                writer.WriteStartObject("txn"u8);
                writer.WriteString("appId"u8, transaction.AppId);
                writer.WriteNumber("version"u8, transaction.Version);
                Optional(writer, "lastUpdated"u8, transaction.LastUpdated);
                writer.WriteEndObject();
                break;
            case DomainMetadata domain:
                writer.WriteStartObject("domainMetadata"u8);
                writer.WriteString("domain"u8, domain.Domain);
                writer.WriteString("configuration"u8, domain.Configuration);
                writer.WriteBoolean("removed"u8, domain.Removed);
                writer.WriteEndObject();
                break;
            case CommitInfo info:
                WriteCommitInfo(writer, info);
                break;
            case SidecarFile sidecar:
                writer.WriteStartObject("sidecar"u8);
                writer.WriteString("path"u8, sidecar.Path);
                writer.WriteNumber("sizeInBytes"u8, sidecar.SizeInBytes);
                writer.WriteNumber("modificationTime"u8, sidecar.ModificationTime);
                writer.WriteEndObject();
                break;
            case CheckpointMetadata checkpoint:
                writer.WriteStartObject("checkpointMetadata"u8);
                writer.WriteNumber("version"u8, checkpoint.Version);
                writer.WriteEndObject();
                break;
            default:
                throw new ArgumentException($"There is no JSON form of {action.GetType().Name}.", nameof(action));
        }

        writer.WriteEndObject();
    }

    private static void WriteAdd(Utf8JsonWriter writer, AddFile add)
    {
        writer.WriteStartObject("add"u8);
        writer.WriteString("path"u8, add.Path);
        Map(writer, "partitionValues"u8, add.PartitionValues);
        writer.WriteNumber("size"u8, add.Size);
        writer.WriteNumber("modificationTime"u8, add.ModificationTime);
        writer.WriteBoolean("dataChange"u8, add.DataChange);
        Optional(writer, "stats"u8, add.Stats);
        Map(writer, "tags"u8, add.Tags);
        WriteDeletionVector(writer, add.DeletionVector);
        Optional(writer, "baseRowId"u8, add.BaseRowId);
        Optional(writer, "defaultRowCommitVersion"u8, add.DefaultRowCommitVersion);
        Optional(writer, "clusteringProvider"u8, add.ClusteringProvider);
        writer.WriteEndObject();
    }

    private static void WriteRemove(Utf8JsonWriter writer, RemoveFile remove)
    {
        writer.WriteStartObject("remove"u8);
        writer.WriteString("path"u8, remove.Path);
        Optional(writer, "deletionTimestamp"u8, remove.DeletionTimestamp);
        writer.WriteBoolean("dataChange"u8, remove.DataChange);
        Optional(writer, "extendedFileMetadata"u8, remove.ExtendedFileMetadata);
        Map(writer, "partitionValues"u8, remove.PartitionValues);
        Optional(writer, "size"u8, remove.Size);
        Optional(writer, "stats"u8, remove.Stats);
        Map(writer, "tags"u8, remove.Tags);
        WriteDeletionVector(writer, remove.DeletionVector);
        Optional(writer, "baseRowId"u8, remove.BaseRowId);
        Optional(writer, "defaultRowCommitVersion"u8, remove.DefaultRowCommitVersion);
        writer.WriteEndObject();
    }

    private static void WriteCdc(Utf8JsonWriter writer, AddCdcFile cdc)
    {
        writer.WriteStartObject("cdc"u8);
        writer.WriteString("path"u8, cdc.Path);
        Map(writer, "partitionValues"u8, cdc.PartitionValues);
        writer.WriteNumber("size"u8, cdc.Size);
        writer.WriteBoolean("dataChange"u8, false);
        Map(writer, "tags"u8, cdc.Tags);
        writer.WriteEndObject();
    }

    private static void WriteDeletionVector(Utf8JsonWriter writer, DeletionVectorDescriptor? vector)
    {
        if (vector is null)
        {
            return;
        }

        writer.WriteStartObject("deletionVector"u8);
        writer.WriteString("storageType"u8, vector.StorageType);
        writer.WriteString("pathOrInlineDv"u8, vector.PathOrInlineDv);
        Optional(writer, "offset"u8, vector.Offset);
        writer.WriteNumber("sizeInBytes"u8, vector.SizeInBytes);
        writer.WriteNumber("cardinality"u8, vector.Cardinality);
        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, MetadataAction metadata)
    {
        writer.WriteStartObject("metaData"u8);
        writer.WriteString("id"u8, metadata.Id);
        Optional(writer, "name"u8, metadata.Name);
        Optional(writer, "description"u8, metadata.Description);
        writer.WriteStartObject("format"u8);
        writer.WriteString("provider"u8, metadata.FormatProvider);
        Map(writer, "options"u8, metadata.FormatOptions);
        writer.WriteEndObject();
        writer.WriteString("schemaString"u8, metadata.SchemaString);
        List(writer, "partitionColumns"u8, metadata.PartitionColumns);
        Map(writer, "configuration"u8, metadata.Configuration);
        Optional(writer, "createdTime"u8, metadata.CreatedTime);
        writer.WriteEndObject();
    }

    private static void WriteProtocol(Utf8JsonWriter writer, ProtocolAction protocol)
    {
        writer.WriteStartObject("protocol"u8);
        writer.WriteNumber("minReaderVersion"u8, protocol.MinReaderVersion);
        writer.WriteNumber("minWriterVersion"u8, protocol.MinWriterVersion);
        List(writer, "readerFeatures"u8, protocol.ReaderFeatures);
        List(writer, "writerFeatures"u8, protocol.WriterFeatures);
        writer.WriteEndObject();
    }

    private static void WriteCommitInfo(Utf8JsonWriter writer, CommitInfo info)
    {
        writer.WriteStartObject("commitInfo"u8);
        Optional(writer, "inCommitTimestamp"u8, info.InCommitTimestamp);
        Optional(writer, "timestamp"u8, info.Timestamp);
        Optional(writer, "operation"u8, info.Operation);
        Node(writer, "operationParameters", info.OperationParameters);
        Optional(writer, "readVersion"u8, info.ReadVersion);
        Optional(writer, "isolationLevel"u8, info.IsolationLevel);
        Optional(writer, "isBlindAppend"u8, info.IsBlindAppend);
        Node(writer, "operationMetrics", info.OperationMetrics);
        Optional(writer, "userMetadata"u8, info.UserMetadata);
        Node(writer, "tags", info.Tags);
        Optional(writer, "engineInfo"u8, info.EngineInfo);
        Optional(writer, "txnId"u8, info.TxnId);
        if (info.Extra is { } extra)
        {
            foreach ((string name, JsonNode? value) in extra)
            {
                Node(writer, name, value);
            }
        }

        writer.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Optional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void Optional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag)
        {
            writer.WriteBoolean(name, flag);
        }
    }

    private static void Node(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    private static void List(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is not null)
        {
            writer.WriteStartArray(name);
            foreach (string value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }
    }

    // Entries in ordinal order: the same actions give the same bytes, whatever built the dictionary.
    private static void Map<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, T>? map)
        where T : class?
    {
        if (map is not null)
        {
            writer.WriteStartObject(name);
            foreach ((string key, T value) in map.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
            {
                writer.WriteString(key, value as string);
            }

            writer.WriteEndObject();
        }
    }
}
