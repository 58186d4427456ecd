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
    /// <summary>The last second of the year 9999.</summary>
    private const long LastSecond = 253_402_300_799;

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
        TokenReader tokens = git.ReadTokens(0);
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
            if (await tokens.ReadAsync(cancellationToken) is not { } path)
            {
                await git.CompleteAsync(cancellationToken);
                throw new GitException("'git log --raw' wrote a change without its path");
            }

            yield return new GitChange(commit ?? throw Unknown(text.Span), paths[path.Span], mode, blob);
        }

        await git.CompleteAsync(cancellationToken);
    }

    private static GitCommit ParseCommit(ReadOnlySpan<byte> header, long sequence)
    {
        int first = header.IndexOf((byte)' ');
        ReadOnlySpan<byte> rest = header[(first + 1)..];
        int second = rest.IndexOf((byte)' ');
        if (first <= 0 || second < 0)
        {
            throw Unknown(header);
        }

        string id = Encoding.ASCII.GetString(header[..first]), author = Encoding.UTF8.GetString(rest[(second + 1)..]);
        return new GitCommit(sequence, id, author, ParseTime(rest[..second]));
    }

    /// <summary>
    /// The time of a commit. Broken commits have none, or one of any number of digits, and git hands on what it finds: the nearest time that every
    /// reader of a table can show is taken instead.
    /// </summary>
    private static long ParseTime(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out long time, out int length) && length == text.Length)
        {
            return Math.Clamp(time, 0, LastSecond);
        }

        return text.Length > 0 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? LastSecond : 0;
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
