namespace Lakehouse.Incremental.Reconciliation;

/// <summary>A key that differs.</summary>
/// <param name="Kind">How it differs.</param>
/// <param name="Key">The key as text.</param>
public sealed record DriftedKey(DriftKind Kind, string Key);
