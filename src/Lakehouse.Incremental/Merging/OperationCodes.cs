namespace Lakehouse.Incremental.Merging;

/// <summary>What the codes of an operation column mean. A code that is in none of the lists, or null, makes an invalid event (<c>UNKNOWN_OPERATION</c>).</summary>
public sealed record OperationCodes
{
    /// <summary>Inserts and updates.</summary>
    public IReadOnlyList<string> Upsert { get; init; } = [];

    /// <summary>Deletes.</summary>
    public IReadOnlyList<string> Delete { get; init; } = [];

    /// <summary>Rows of a snapshot, lowest at equal sequence.</summary>
    public IReadOnlyList<string> SnapshotRead { get; init; } = [];

    /// <summary>Deletes of every key.</summary>
    public IReadOnlyList<string> Truncate { get; init; } = [];
}
