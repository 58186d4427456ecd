namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>What <see cref="DeltaTable.OptimizeAsync"/> did.</summary>
/// <param name="Version">The version it became; null when there was nothing to rewrite.</param>
/// <param name="FilesAdded">Files written.</param>
/// <param name="FilesRemoved">Files they stand for; these stay on storage until a vacuum.</param>
/// <param name="BytesAdded">Size of the files written.</param>
/// <param name="BytesRemoved">Size of the files they stand for.</param>
/// <param name="DeletionVectorsRemoved">How many of the old files had a deletion vector.</param>
public sealed record OptimizeResult(long? Version, int FilesAdded, int FilesRemoved, long BytesAdded, long BytesRemoved, int DeletionVectorsRemoved);
