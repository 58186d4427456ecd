using System.Text;

namespace GitHistory.Git;

/// <summary>A repository that was found fit to be read: not shallow, and with at least one commit.</summary>
internal sealed class GitRepository
{
    private GitRepository(string folder, string gitDirectory, string name, string head)
    {
        Folder = folder;
        GitDirectory = gitDirectory;
        Name = name;
        Head = head;
    }

    /// <summary>The folder git commands run in.</summary>
    public string Folder { get; }

    /// <summary>Where git keeps the objects, absolute; it identifies the repository, whichever of its folders or work trees was named.</summary>
    public string GitDirectory { get; }

    /// <summary>A short name for folders and titles.</summary>
    public string Name { get; }

    /// <summary>The commit HEAD stands at.</summary>
    public string Head { get; }

    /// <summary>Opens the repository that a folder belongs to.</summary>
    /// <exception cref="UsageException">There is no folder, git, repository or commit, or the history is cut off.</exception>
    public static async Task<GitRepository> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            throw new UsageException($"There is no folder {path}.");
        }

        string folder = Path.GetFullPath(path);
        GitAnswer directories = await GitRunner.AskAsync(folder, cancellationToken, "rev-parse", "--absolute-git-dir", "--git-common-dir");
        if (directories.ExitCode != 0)
        {
            throw new UsageException(directories.Errors.Contains("dubious ownership", StringComparison.Ordinal)
                ? $"git does not read {folder} because it is another user's: to trust it, run 'git config --global --add safe.directory {folder}'."
                : directories.Errors.Contains("not a git repository", StringComparison.Ordinal)
                    ? $"{folder} is not in a git repository."
                    : $"git cannot open {folder}: {directories.Errors.ReplaceLineEndings(" ")}");
        }

        string common = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directories.Text.Split('\n')[1], folder));
        GitAnswer shallow = await GitRunner.AskAsync(folder, cancellationToken, "rev-parse", "--is-shallow-repository");
        if (shallow.Text != "false")
        {
            throw new UsageException($"{folder} is a shallow clone, so its history is cut off: run 'git fetch --unshallow' first.");
        }

        GitAnswer head = await GitRunner.AskAsync(folder, cancellationToken, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
        return head.ExitCode == 0
            ? new GitRepository(folder, common, NameOf(common), head.Text)
            : throw new UsageException($"The repository {folder} has no commits yet.");
    }

    /// <summary>The first-parent history that ends at HEAD, oldest first.</summary>
    public async Task<IReadOnlyList<string>> FirstParentCommitsAsync(CancellationToken cancellationToken)
    {
        await using GitProcess git = GitProcess.Start(Folder, ["rev-list", "--first-parent", "--reverse", Head, "--"]);
        git.Input.Close();
        TokenReader lines = git.ReadTokens((byte)'\n');
        List<string> commits = [];
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            commits.Add(Encoding.ASCII.GetString(line.Span));
        }

        await git.CompleteAsync(cancellationToken);
        return commits;
    }

    private static string NameOf(string gitDirectory)
    {
        string name = Path.GetFileName(gitDirectory);
        if (name == ".git")
        {
            name = Path.GetFileName(Path.GetDirectoryName(gitDirectory)!);
        }
        else if (name.EndsWith(".git", StringComparison.Ordinal))
        {
            name = name[..^4];
        }

        return name.Length == 0 ? "repository" : name;
    }
}
