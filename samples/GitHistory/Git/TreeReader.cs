using System.Text;

namespace GitHistory.Git;

/// <summary>Reads the whole tree of a commit with <c>git ls-tree</c>: the truth that the tables are measured by.</summary>
internal sealed class TreeReader(GitRepository repository)
{
    private readonly PathTable _paths = new();

    /// <summary>Everything in the tree but the folders themselves.</summary>
    public async Task<IReadOnlyList<TreeEntry>> ReadAsync(string commit, CancellationToken cancellationToken)
    {
        await using GitProcess git = GitProcess.Start(repository.Folder, ["ls-tree", "-r", "-z", "--full-tree", commit]);
        git.Input.Close();
        TokenReader tokens = git.ReadTokens(0);
        List<TreeEntry> entries = [];
        while (await tokens.ReadAsync(cancellationToken) is { } token)
        {
            entries.Add(Parse(token.Span));
        }

        await git.CompleteAsync(cancellationToken);
        return entries;
    }

    /// <summary>Parses "mode type id", a tab, and the path.</summary>
    private TreeEntry Parse(ReadOnlySpan<byte> token)
    {
        int tab = token.IndexOf((byte)'\t');
        int first = token.IndexOf((byte)' ');
        int second = tab < 0 ? -1 : token[..tab].LastIndexOf((byte)' ');
        return first > 0 && second > first
            ? new TreeEntry(_paths[token[(tab + 1)..]], FileMode.Parse(token[..first]), Encoding.ASCII.GetString(token[(second + 1)..tab]))
            : throw new GitException($"'git ls-tree' wrote an entry that is not understood: {Encoding.UTF8.GetString(token)}");
    }
}
