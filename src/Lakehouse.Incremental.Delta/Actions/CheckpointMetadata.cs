namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>checkpointMetadata</c> action, which marks a checkpoint as V2.</summary>
internal sealed record CheckpointMetadata(long Version) : DeltaAction;
