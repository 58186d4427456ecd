namespace Lakehouse.Incremental.Delta;

/// <summary>What an append or overwrite did.</summary>
/// <param name="Version">The version it became; null when it committed nothing, because there was nothing to do or it was done before.</param>
/// <param name="Rows">Rows written.</param>
/// <param name="Files">Data files written.</param>
/// <param name="AlreadyApplied">True when the table knows this transaction, or a later one of the application, already.</param>
public sealed record AppendResult(long? Version, long Rows, int Files, bool AlreadyApplied);
