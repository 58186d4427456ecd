namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>How far a long operation has come.</summary>
/// <param name="FilesDone">Files dealt with so far.</param>
/// <param name="FilesTotal">Files to deal with; it may change when another writer commits meanwhile.</param>
public sealed record MaintenanceProgress(int FilesDone, int FilesTotal);
