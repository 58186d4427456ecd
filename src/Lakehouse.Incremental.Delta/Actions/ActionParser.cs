using System.Collections.Frozen;
using System.Text.Json;

namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>Makes an action of its JSON object; null for one this library does not know.</summary>
internal static class ActionParser
{
    private static readonly IReadOnlyDictionary<string, string?> s_noValues = FrozenDictionary<string, string?>.Empty;

    private static readonly IReadOnlyDictionary<string, string> s_noProperties = FrozenDictionary<string, string>.Empty;

    public static DeltaAction? Parse(string name, JsonElement element) => name switch
    {
        "add" => Add(new JsonFields(name, element)),
        "remove" => Remove(new JsonFields(name, element)),
        "cdc" => Cdc(new JsonFields(name, element)),
        "metaData" => Metadata(new JsonFields(name, element)),
        "protocol" => Protocol(new JsonFields(name, element)),
        "txn" => Transaction(new JsonFields(name, element)),
        "domainMetadata" => Domain(new JsonFields(name, element)),
        "commitInfo" => CommitInfoParser.Parse(element),
        "sidecar" => Sidecar(new JsonFields(name, element)),
        "checkpointMetadata" => new CheckpointMetadata(new JsonFields(name, element).RequiredInteger("version")),
        _ => null,
    };

    private static AddFile Add(JsonFields fields) => new()
    {
        Path = fields.RequiredText("path"),
        PartitionValues = fields.NullableTexts("partitionValues") ?? s_noValues,
        Size = fields.RequiredInteger("size"),
        ModificationTime = fields.Integer("modificationTime") ?? 0,
        DataChange = fields.Flag("dataChange") ?? true,
        Stats = fields.Text("stats"),
        Tags = fields.NullableTexts("tags"),
        DeletionVector = DeletionVector(fields.Object("deletionVector")),
        BaseRowId = fields.Integer("baseRowId"),
        DefaultRowCommitVersion = fields.Integer("defaultRowCommitVersion"),
        ClusteringProvider = fields.Text("clusteringProvider"),
    };

    private static RemoveFile Remove(JsonFields fields) => new()
    {
        Path = fields.RequiredText("path"),
        DataChange = fields.Flag("dataChange") ?? true,
        DeletionTimestamp = fields.Integer("deletionTimestamp"),
        ExtendedFileMetadata = fields.Flag("extendedFileMetadata"),
        PartitionValues = fields.NullableTexts("partitionValues"),
        Size = fields.Integer("size"),
        Stats = fields.Text("stats"),
        Tags = fields.NullableTexts("tags"),
        DeletionVector = DeletionVector(fields.Object("deletionVector")),
        BaseRowId = fields.Integer("baseRowId"),
        DefaultRowCommitVersion = fields.Integer("defaultRowCommitVersion"),
    };

    private static AddCdcFile Cdc(JsonFields fields) => new()
    {
        Path = fields.RequiredText("path"),
        PartitionValues = fields.NullableTexts("partitionValues") ?? s_noValues,
        Size = fields.RequiredInteger("size"),
        Tags = fields.NullableTexts("tags"),
    };

    private static DeletionVectorDescriptor? DeletionVector(JsonFields? fields) => fields is not { } vector ? null
        : new DeletionVectorDescriptor(
            vector.RequiredText("storageType"),
            vector.RequiredText("pathOrInlineDv"),
            vector.Int32("offset"),
            vector.RequiredInt32("sizeInBytes"),
            vector.RequiredInteger("cardinality"));

    private static MetadataAction Metadata(JsonFields fields)
    {
        JsonFields? format = fields.Object("format");
        return new MetadataAction
        {
            Id = fields.RequiredText("id"),
            Name = fields.Text("name"),
            Description = fields.Text("description"),
            FormatProvider = format?.Text("provider") ?? "parquet",
            FormatOptions = format?.Texts("options") ?? s_noProperties,
            SchemaString = fields.RequiredText("schemaString"),
            PartitionColumns = fields.TextList("partitionColumns") ?? [],
            Configuration = fields.Texts("configuration") ?? s_noProperties,
            CreatedTime = fields.Integer("createdTime"),
        };
    }

    private static ProtocolAction Protocol(JsonFields fields) => new()
    {
        MinReaderVersion = fields.RequiredInt32("minReaderVersion"),
        MinWriterVersion = fields.RequiredInt32("minWriterVersion"),
        ReaderFeatures = fields.TextList("readerFeatures"),
        WriterFeatures = fields.TextList("writerFeatures"),
    };

    private static SetTransaction Transaction(JsonFields fields) =>
        new(fields.RequiredText("appId"), fields.RequiredInteger("version"), fields.Integer("lastUpdated"));

    private static DomainMetadata Domain(JsonFields fields) =>
        new(fields.RequiredText("domain"), fields.Text("configuration") ?? "", fields.Flag("removed") ?? false);

    private static SidecarFile Sidecar(JsonFields fields) =>
        new(fields.RequiredText("path"), fields.RequiredInteger("sizeInBytes"), fields.Integer("modificationTime") ?? 0);
}
