using System.Text.Json.Nodes;
using CsCheck;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Tests.Actions;

/// <summary>Arbitrary actions, with the texts that break careless JSON code.</summary>
internal static class ActionGen
{
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 12],
        Gen.OneOf("", "\"quoted\"", "line\nbreak", "a\\b", "\u0001\u0002", "日本", "\U0001F600", "<&>'+", "{\"numRecords\":3}", "\u2028", "null"));

    private static readonly Gen<string?> s_maybeText = Gen.OneOf(s_text.Select(static text => (string?)text), Gen.Const((string?)null));

    private static readonly Gen<long?> s_maybeLong = Gen.OneOf(Gen.Long.Select(static number => (long?)number), Gen.Const((long?)null));

    private static readonly Gen<Dictionary<string, string?>> s_map = Gen.Dictionary(s_text, s_maybeText)[0, 3];

    private static readonly Gen<Dictionary<string, string>> s_texts = Gen.Dictionary(s_text, s_text)[0, 3];

    private static readonly Gen<IReadOnlyDictionary<string, string?>?> s_maybeMap = Gen.OneOf(
        s_map.Select(static map => (IReadOnlyDictionary<string, string?>?)map), Gen.Const((IReadOnlyDictionary<string, string?>?)null));

    private static readonly Gen<DeletionVectorDescriptor?> s_maybeVector = Gen.OneOf(
        Gen.Const((DeletionVectorDescriptor?)null),
        Gen.Select(
            Gen.OneOf("u", "i", "p"),
            s_text,
            Gen.Int.Select(static number => number % 3 == 0 ? (int?)null : number),
            Gen.Int,
            Gen.Long,
            static (type, path, offset, size, count) => (DeletionVectorDescriptor?)new DeletionVectorDescriptor(type, path, offset, size, count)));

    private static readonly Gen<DeltaAction> s_add = Gen
        .Select(s_text, s_map, Gen.Long, Gen.Bool, s_maybeText, s_maybeMap, s_maybeVector, s_maybeLong)
        .Select(static (path, values, number, flag, stats, tags, vector, row) => (DeltaAction)new AddFile
        {
            Path = path,
            PartitionValues = values,
            Size = number,
            ModificationTime = number / 2,
            DataChange = flag,
            Stats = stats,
            Tags = tags,
            DeletionVector = vector,
            BaseRowId = row,
            DefaultRowCommitVersion = row,
            ClusteringProvider = stats,
        });

    private static readonly Gen<DeltaAction> s_remove = Gen.Select(s_text, s_maybeMap, s_maybeLong, Gen.Bool, s_maybeText, s_maybeVector)
        .Select(static (path, values, number, flag, stats, vector) => (DeltaAction)new RemoveFile
        {
            Path = path,
            DataChange = flag,
            DeletionTimestamp = number,
            ExtendedFileMetadata = number is null ? null : flag,
            PartitionValues = values,
            Size = number,
            Stats = stats,
            Tags = values,
            DeletionVector = vector,
            BaseRowId = number,
        });

    private static readonly Gen<DeltaAction> s_metadata = Gen.Select(s_text, s_maybeText, s_texts, s_text.List[0, 3], s_maybeLong)
        .Select(static (text, maybe, map, list, number) => (DeltaAction)new MetadataAction
        {
            Id = text,
            Name = maybe,
            Description = maybe,
            FormatOptions = map,
            SchemaString = text,
            PartitionColumns = list,
            Configuration = map,
            CreatedTime = number,
        });

    private static readonly Gen<DeltaAction> s_commitInfo = Gen.Select(s_maybeLong, s_maybeText, Gen.Bool, s_text).Select(
        static (number, text, flag, key) => (DeltaAction)new CommitInfo
        {
            Timestamp = number,
            InCommitTimestamp = number,
            Operation = text,
            OperationParameters = flag ? new JsonObject { ["mode"] = "Append", ["list"] = new JsonArray(1, "x", null) } : null,
            OperationMetrics = flag ? new JsonObject { ["numFiles"] = "1" } : null,
            ReadVersion = number,
            IsBlindAppend = number is null ? null : flag,
            EngineInfo = text,
            TxnId = text,
            UserMetadata = text,
            Tags = flag ? [] : null,
            Extra = flag ? new JsonObject { ["x-" + key] = new JsonObject { ["deep"] = 1.5 } } : null,
        });

    private static readonly Gen<DeltaAction> s_small = Gen.OneOf(
        Gen.Select(s_text, Gen.Long, s_maybeLong, static (app, version, updated) => (DeltaAction)new SetTransaction(app, version, updated)),
        Gen.Select(s_text, s_text, Gen.Bool, static (domain, text, removed) => (DeltaAction)new DomainMetadata(domain, text, removed)),
        Gen.Select(s_text, s_map, Gen.Long, static (path, map, size) =>
            (DeltaAction)new AddCdcFile { Path = path, PartitionValues = map, Size = size }),
        Gen.Select(s_text, Gen.Long, static (path, number) => (DeltaAction)new SidecarFile(path, number, number)),
        Gen.Long.Select(static number => (DeltaAction)new CheckpointMetadata(number)),
        Gen.Select(Gen.Int, s_text.List[0, 3], static (version, list) => (DeltaAction)new ProtocolAction
        {
            MinReaderVersion = version,
            MinWriterVersion = 7,
            ReaderFeatures = version % 2 == 0 ? list : null,
            WriterFeatures = list,
        }));

    public static readonly Gen<DeltaAction> Action = Gen.OneOf(s_add, s_remove, s_metadata, s_commitInfo, s_small);
}
