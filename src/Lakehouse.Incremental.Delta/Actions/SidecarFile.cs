namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>sidecar</c> action of a V2 checkpoint: a file below <c>_delta_log/_sidecars</c> that holds file actions.</summary>
internal sealed record SidecarFile(string Path, long SizeInBytes, long ModificationTime) : DeltaAction;
