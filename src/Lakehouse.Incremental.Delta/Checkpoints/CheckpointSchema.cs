using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>The columns of a checkpoint: one struct a kind of action (protocol notes, section 10).</summary>
internal static class CheckpointSchema
{
    public const string StatsName = "stats";

    public static readonly StructType DeletionVector = Struct(
        ("storageType", StringType.Default), ("pathOrInlineDv", StringType.Default), ("offset", Int32Type.Default), ("sizeInBytes", Int32Type.Default), ("cardinality", Int64Type.Default));

    public static readonly StructType Txn = Struct(("appId", StringType.Default), ("version", Int64Type.Default), ("lastUpdated", Int64Type.Default));

    public static readonly StructType Add = Struct(
        ("path", StringType.Default),
        ("partitionValues", Map()),
        ("size", Int64Type.Default),
        ("modificationTime", Int64Type.Default),
        ("dataChange", BooleanType.Default),
        ("tags", Map()),
        ("deletionVector", DeletionVector),
        ("baseRowId", Int64Type.Default),
        ("defaultRowCommitVersion", Int64Type.Default),
        ("clusteringProvider", StringType.Default),
        (StatsName, StringType.Default));

    public static readonly StructType Remove = Struct(
        ("path", StringType.Default),
        ("deletionTimestamp", Int64Type.Default),
        ("dataChange", BooleanType.Default),
        ("extendedFileMetadata", BooleanType.Default),
        ("partitionValues", Map()),
        ("size", Int64Type.Default),
        ("deletionVector", DeletionVector),
        ("baseRowId", Int64Type.Default),
        ("defaultRowCommitVersion", Int64Type.Default));

    public static readonly StructType Format = Struct(("provider", StringType.Default), ("options", Map()));

    public static readonly StructType Metadata = Struct(
        ("id", StringType.Default),
        ("name", StringType.Default),
        ("description", StringType.Default),
        ("format", Format),
        ("schemaString", StringType.Default),
        ("partitionColumns", Strings()),
        ("configuration", Map()),
        ("createdTime", Int64Type.Default));

    public static readonly StructType Protocol = Struct(
        ("minReaderVersion", Int32Type.Default), ("minWriterVersion", Int32Type.Default), ("readerFeatures", Strings()), ("writerFeatures", Strings()));

    public static readonly StructType Domain = Struct(("domain", StringType.Default), ("configuration", StringType.Default), ("removed", BooleanType.Default));

    public static readonly StructType Sidecar = Struct(
        ("path", StringType.Default), ("sizeInBytes", Int64Type.Default), ("modificationTime", Int64Type.Default), ("tags", Map()));

    public static readonly StructType CheckpointMetadata = Struct(("version", Int64Type.Default), ("tags", Map()));

    /// <summary>What is read, where a file has it.</summary>
    public static readonly Schema Read = WrittenWith(Add, v2: true);

    /// <summary>What is written, with the table's own columns of <c>add</c>.</summary>
    public static Schema WrittenWith(StructType add, bool v2)
    {
        (string, IArrowType)[] columns =
            [("txn", Txn), ("add", add), ("remove", Remove), ("metaData", Metadata), ("protocol", Protocol), ("domainMetadata", Domain)];
        return v2 ? Columns([.. columns, ("sidecar", Sidecar), ("checkpointMetadata", CheckpointMetadata)]) : Columns(columns);
    }

    public static MapType Map() => new(new Field("key", StringType.Default, nullable: false), new Field("value", StringType.Default, nullable: true));

    public static ListType Strings() => new(new Field("element", StringType.Default, nullable: true));

    private static StructType Struct(params (string Name, IArrowType Type)[] fields) => new([.. fields.Select(f => new Field(f.Name, f.Type, nullable: true))]);

    private static Schema Columns(params (string Name, IArrowType Type)[] fields) => new([.. fields.Select(f => new Field(f.Name, f.Type, nullable: true))], null);
}
