namespace GitHistory.Git;

/// <summary>What one commit did to one path, compared with its first parent.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Path">The path.</param>
/// <param name="Mode">The new mode, such as 100644, or null when the path was deleted.</param>
/// <param name="BlobId">The new blob (for a submodule: the commit it points to), or null when the path was deleted.</param>
internal sealed record GitChange(GitCommit Commit, GitPath Path, string? Mode, string? BlobId)
{
    /// <summary>True when the path is gone.</summary>
    public bool IsDelete => BlobId is null;
}
