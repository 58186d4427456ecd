namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>What <see cref="DeltaTable.RestoreAsync(long, CancellationToken)"/> did.</summary>
/// <param name="Version">The version it became; null when the table was as it should be already.</param>
/// <param name="RestoredVersion">The version whose content the table has now.</param>
/// <param name="FilesRestored">Files that came back.</param>
/// <param name="FilesRemoved">Files that left.</param>
public sealed record RestoreResult(long? Version, long RestoredVersion, int FilesRestored, int FilesRemoved);
