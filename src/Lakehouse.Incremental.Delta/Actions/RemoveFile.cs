namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>remove</c> action: a logical file (path and deletion vector) leaves the table and stays as a tombstone.</summary>
internal sealed record RemoveFile : DeltaAction
{
    public required string Path { get; init; }

    public required bool DataChange { get; init; }

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long? DeletionTimestamp { get; init; }

    /// <summary>True promises that partition values and size are present.</summary>
    public bool? ExtendedFileMetadata { get; init; }

    public IReadOnlyDictionary<string, string?>? PartitionValues { get; init; }

    public long? Size { get; init; }

    public string? Stats { get; init; }

    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    public DeletionVectorDescriptor? DeletionVector { get; init; }

    public long? BaseRowId { get; init; }

    public long? DefaultRowCommitVersion { get; init; }

    /// <summary>The tombstone of a live file.</summary>
    public static RemoveFile Of(AddFile file, long deletionTimestamp, bool dataChange) => new()
    {
        Path = file.Path,
        DataChange = dataChange,
        DeletionTimestamp = deletionTimestamp,
        ExtendedFileMetadata = true,
        PartitionValues = file.PartitionValues,
        Size = file.Size,
        Tags = file.Tags,
        DeletionVector = file.DeletionVector,
        BaseRowId = file.BaseRowId,
        DefaultRowCommitVersion = file.DefaultRowCommitVersion,
    };
}
