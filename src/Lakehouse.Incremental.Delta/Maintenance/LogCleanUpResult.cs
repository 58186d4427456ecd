namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>What <see cref="DeltaTable.CleanUpLogAsync"/> deleted.</summary>
/// <param name="FilesDeleted">Files of the log.</param>
/// <param name="BytesDeleted">Their size together.</param>
/// <param name="OldestVersion">The oldest version that can still be read; null when no checkpoint is old enough and nothing was looked at.</param>
public sealed record LogCleanUpResult(int FilesDeleted, long BytesDeleted, long? OldestVersion);
