using GitHistory.Git;

namespace GitHistory.Proof;

/// <summary>The files of commits as git tells them, with their sizes.</summary>
internal sealed class GroundTruth(GitRepository repository, BlobSizes sizes)
{
    private readonly TreeReader _trees = new(repository);

    /// <summary>The files of a commit, with the top-level directory of each.</summary>
    public async Task<IReadOnlyList<(string Directory, FileRow File)>> FilesAsync(string commit, CancellationToken cancellationToken)
    {
        IReadOnlyList<TreeEntry> tree = await _trees.ReadAsync(commit, cancellationToken);
        await sizes.LookUpAsync(tree.Select(e => ((string?)e.Mode, (string?)e.BlobId)), cancellationToken);
        return [.. tree.Select(e => (e.Path.Directory, new FileRow(e.Path.Text, e.Mode, e.BlobId, sizes[e.Mode, e.BlobId])))];
    }

    /// <summary>The files of a commit by path.</summary>
    public async Task<IReadOnlyDictionary<string, FileRow>> ByPathAsync(string commit, CancellationToken cancellationToken) =>
        ByPath(await FilesAsync(commit, cancellationToken));

    /// <summary>Files by path.</summary>
    public static IReadOnlyDictionary<string, FileRow> ByPath(IReadOnlyList<(string Directory, FileRow File)> files) =>
        files.ToDictionary(f => f.File.Path, f => f.File, StringComparer.Ordinal);
}
