namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>A file as a listing shows it.</summary>
/// <param name="Path">Relative to the storage root, separated by <c>/</c>, not encoded.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Last modification, UTC.</param>
public sealed record StoredFile(string Path, long Size, DateTimeOffset Modified);
