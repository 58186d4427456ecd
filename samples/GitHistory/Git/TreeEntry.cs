namespace GitHistory.Git;

/// <summary>A file, link or submodule of a commit's tree.</summary>
internal readonly record struct TreeEntry(GitPath Path, string Mode, string BlobId);
