namespace GitHistory.Events;

/// <summary>Events that are staged together.</summary>
/// <param name="Offset">The position by which the staging table recognises the batch; it grows from batch to batch.</param>
/// <param name="Events">The events; never empty.</param>
internal sealed record EventBatch(long Offset, IReadOnlyList<FileEvent> Events);
