namespace Lakehouse.Incremental.Delta;

/// <summary>What a deletion did.</summary>
/// <param name="Version">The version it became; null when it committed nothing, because no row matched or it was done before.</param>
/// <param name="RowsDeleted">Rows deleted.</param>
/// <param name="FilesRemoved">Data files that left the table because all their rows were deleted.</param>
/// <param name="FilesRewritten">Data files that were replaced by files with the rows that stay.</param>
/// <param name="DeletionVectorsAdded">Data files that stay and got a deletion vector, or a greater one.</param>
/// <param name="AlreadyApplied">True when the table knows this transaction, or a later one of the application, already.</param>
public sealed record DeleteResult(
    long? Version, long RowsDeleted, int FilesRemoved, int FilesRewritten, int DeletionVectorsAdded, bool AlreadyApplied);
