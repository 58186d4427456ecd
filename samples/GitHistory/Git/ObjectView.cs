namespace GitHistory.Git;

/// <summary>
/// An empty repository in a temporary folder that looks at the objects of a partial clone. In the clone itself git would fetch a missing blob, or
/// end when it must not; here it does not know where the rest could come from and says "missing".
/// </summary>
internal sealed class ObjectView : IDisposable
{
    private const string PartialCloneSettings = @"^(remote\..*\.(promisor|partialclonefilter)|extensions\.partialclone)$";

    private readonly DirectoryInfo _folder;

    private ObjectView(DirectoryInfo folder, string objects)
    {
        _folder = folder;
        Variables = new Dictionary<string, string> { ["GIT_DIR"] = folder.FullName, ["GIT_OBJECT_DIRECTORY"] = objects };
    }

    /// <summary>What tells git to look through the view.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>A view of the repository's objects; null when the repository is not a partial clone, so that none is needed.</summary>
    public static async Task<ObjectView?> CreateIfPartialAsync(GitRepository repository, CancellationToken cancellationToken)
    {
        GitAnswer partial = await GitRunner.AskAsync(repository.Folder, cancellationToken, "config", "--get-regexp", PartialCloneSettings);
        if (partial.ExitCode != 0)
        {
            return null;
        }

        GitAnswer format = await GitRunner.AskAsync(repository.Folder, cancellationToken, "rev-parse", "--show-object-format");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("git-objects-");
        GitAnswer made = await GitRunner.AskAsync(
            folder.FullName, cancellationToken, "init", "-q", "--bare", "--template=", "--object-format=" + format.Text, ".");
        return made.ExitCode == 0
            ? new ObjectView(folder, Path.Combine(repository.GitDirectory, "objects"))
            : throw new GitException($"'git init' failed in {folder.FullName}: {made.Errors.ReplaceLineEndings(" ")}");
    }

    /// <summary>Removes the temporary repository; the objects were never in it.</summary>
    public void Dispose() => _folder.Delete(recursive: true);
}
