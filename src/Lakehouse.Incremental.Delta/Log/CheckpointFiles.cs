namespace Lakehouse.Incremental.Delta.Log;

/// <summary>A complete checkpoint: its version and its files in the order of their parts.</summary>
internal sealed record CheckpointFiles(long Version, IReadOnlyList<string> Paths);
