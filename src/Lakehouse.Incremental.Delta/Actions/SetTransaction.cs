namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>txn</c> action: the greatest version an application has committed.</summary>
internal sealed record SetTransaction(string AppId, long Version, long? LastUpdated = null) : DeltaAction;
