namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>cdc</c> action: a file of change data that belongs to this commit only.</summary>
internal sealed record AddCdcFile : DeltaAction
{
    public required string Path { get; init; }

    public IReadOnlyDictionary<string, string?> PartitionValues { get; init; } = new Dictionary<string, string?>();

    public required long Size { get; init; }

    public IReadOnlyDictionary<string, string?>? Tags { get; init; }
}
