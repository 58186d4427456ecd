using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace GitHistory.Git;

/// <summary>
/// Reads what each commit of the first-parent history changed, oldest first, as a stream. A merge is compared with its first parent, the first
/// commit with the empty tree; renames are a delete and an add. Commits that change nothing count in the sequence and have no changes.
/// </summary>
internal static class HistoryReader
{
    /// <summary>Options that leave nothing to the user's git configuration.</summary>
    private static readonly string[] Arguments =
    [
        "log", "--first-parent", "--reverse", "--diff-merges=first-parent", "--root", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-relative",
        "--ignore-submodules=none", "-O/dev/null", "--no-color", "--no-show-signature", "--no-notes", "--encoding=UTF-8", "--format=%H %ct %an",
    ];

    /// <summary>Reads the history that ends at a commit.</summary>
    /// <exception cref="GitException">git failed, or wrote something this reader does not know.</exception>
    public static async IAsyncEnumerable<GitChange> ReadAsync(
        GitRepository repository, string lastCommit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using GitProcess git = GitProcess.Start(repository.Folder, [.. Arguments, lastCommit, "--"]);
        git.Input.Close();
        TokenReader tokens = new(git.Output, 0);
        PathTable paths = new();
        GitCommit? commit = null;
        while (await tokens.ReadAsync(cancellationToken) is { } token)
        {
            ReadOnlyMemory<byte> text = token.Span is [(byte)'\n', ..] ? token[1..] : token;
            if (text.IsEmpty)
            {
                continue;
            }

            if (text.Span[0] != (byte)':')
            {
                commit = ParseCommit(text.Span, (commit?.Sequence ?? 0) + 1);
                continue;
            }

            (string? mode, string? blob) = ParseChange(text.Span);
            ReadOnlyMemory<byte> path = await tokens.ReadAsync(cancellationToken) ?? throw Unknown(text.Span);
            yield return new GitChange(commit ?? throw Unknown(text.Span), paths[path.Span], mode, blob);
        }

        await git.CompleteAsync(cancellationToken);
    }

    private static GitCommit ParseCommit(ReadOnlySpan<byte> header, long sequence)
    {
        int first = header.IndexOf((byte)' ');
        ReadOnlySpan<byte> rest = header[(first + 1)..];
        return first > 0 && Utf8Parser.TryParse(rest, out long time, out int length) && length < rest.Length && rest[length] == (byte)' '
            ? new GitCommit(sequence, Encoding.ASCII.GetString(header[..first]), Encoding.UTF8.GetString(rest[(length + 1)..]), time)
            : throw Unknown(header);
    }

    /// <summary>Parses ":oldmode newmode oldid newid status".</summary>
    private static (string? Mode, string? Blob) ParseChange(ReadOnlySpan<byte> line)
    {
        const int NewMode = 8, Ids = 15;
        int length = (line.Length - Ids - 3) / 2;
        if (line.Length < Ids + 3 || line[^2] != (byte)' ' || line[NewMode - 1] != (byte)' ' || line[Ids - 1] != (byte)' ')
        {
            throw Unknown(line);
        }

        return (char)line[^1] switch
        {
            'D' => (null, null),
            'A' or 'M' or 'T' => (FileMode.Parse(line[NewMode..(Ids - 1)]), Encoding.ASCII.GetString(line.Slice(Ids + length + 1, length))),
            _ => throw Unknown(line),
        };
    }

    private static GitException Unknown(ReadOnlySpan<byte> text) =>
        new($"'git log --raw' wrote a line that is not understood: {Encoding.UTF8.GetString(text)}");
}
