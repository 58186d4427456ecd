namespace GitHistory.Proof;

/// <summary>A file as a table or a tree tells it.</summary>
/// <param name="Path">The path as text, see <see cref="Git.GitPath"/>.</param>
/// <param name="Mode">The mode.</param>
/// <param name="BlobId">The blob.</param>
/// <param name="Size">Bytes; null for submodules and for blobs the clone does not hold.</param>
internal readonly record struct FileRow(string Path, string? Mode, string? BlobId, long? Size);
