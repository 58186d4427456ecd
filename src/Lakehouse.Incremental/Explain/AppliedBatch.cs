namespace Lakehouse.Incremental.Explain;

/// <summary>What a commit of the target says of the batch it merged.</summary>
/// <param name="Version">The version.</param>
/// <param name="Name">The batch for people.</param>
/// <param name="Origin">Why it was made; see <see cref="Lineage.BatchAudit"/>.</param>
/// <param name="InputTable">The staging table it came from; null for a batch handed over directly.</param>
/// <param name="From">Versions of that table greater than this were merged.</param>
/// <param name="To">And up to this one.</param>
internal sealed record AppliedBatch(long Version, string Name, string Origin, string? InputTable, long From, long To);
