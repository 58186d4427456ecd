using System.Buffers.Text;
using System.Text;

namespace GitHistory.Git;

/// <summary>
/// Sizes of blobs, asked from one long-lived <c>git cat-file --batch-check</c>, each blob once. A blob that the clone does not hold has a null
/// size. Not safe for concurrent use.
/// </summary>
internal sealed class BlobSizes : IAsyncDisposable
{
    private readonly GitProcess _git;
    private readonly TokenReader _lines;
    private readonly ObjectView? _view;
    private readonly Dictionary<string, long?> _sizes = new(StringComparer.Ordinal);

    private BlobSizes(GitProcess git, ObjectView? view)
    {
        _git = git;
        _view = view;
        _lines = git.ReadTokens((byte)'\n');
    }

    /// <summary>Different blobs that the clone does not hold, or did not hold when they were first read.</summary>
    public long Missing { get; private set; }

    /// <summary>True when the clone may lack blobs, and may fetch them later.</summary>
    public bool IsPartial => _view is not null;

    /// <summary>The size in bytes of a blob that was looked up before; null when it is missing, for a submodule and for null.</summary>
    public long? this[string? mode, string? blobId] => blobId is null || mode == FileMode.Submodule ? null : _sizes[blobId];

    /// <summary>Starts the process.</summary>
    public static async Task<BlobSizes> StartAsync(GitRepository repository, CancellationToken cancellationToken)
    {
        ObjectView? view = await ObjectView.CreateIfPartialAsync(repository, cancellationToken);
        return new BlobSizes(GitProcess.Start(repository.Folder, ["cat-file", "--batch-check"], view?.Variables), view);
    }

    /// <summary>
    /// Keeps blobs without a size that were delivered without one, even when the clone has fetched them since: otherwise the same event would
    /// say two things.
    /// </summary>
    public void KeepMissing(IEnumerable<string> blobIds)
    {
        foreach (string id in blobIds)
        {
            Missing += _sizes.TryAdd(id, null) ? 1 : 0;
        }
    }

    /// <summary>Looks up the blobs not known yet.</summary>
    /// <param name="entries">Modes and ids; submodules and nulls are passed over.</param>
    /// <param name="cancellationToken">Cancels the call; the object cannot be used afterwards.</param>
    public async Task LookUpAsync(IEnumerable<(string? Mode, string? BlobId)> entries, CancellationToken cancellationToken)
    {
        List<string> asked = [];
        foreach ((string? mode, string? id) in entries)
        {
            if (id is not null && mode != FileMode.Submodule && _sizes.TryAdd(id, null))
            {
                asked.Add(id);
            }
        }

        if (asked.Count == 0)
        {
            return;
        }

        // git answers while it reads: with one side at a time both could wait for the other on a full pipe.
        Task writing = WriteAsync(asked, cancellationToken);
        try
        {
            foreach (string id in asked)
            {
                ReadOnlyMemory<byte> line = await _lines.ReadAsync(cancellationToken) ?? throw await EndedAsync();
                _sizes[id] = Parse(line.Span, id);
            }
        }
        finally
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await writing;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _git.DisposeAsync();
        _view?.Dispose();
    }

    private async Task WriteAsync(List<string> ids, CancellationToken cancellationToken)
    {
        await _git.Input.WriteAsync(Encoding.ASCII.GetBytes(string.Join('\n', ids) + "\n"), cancellationToken);
        await _git.Input.FlushAsync(cancellationToken);
    }

    /// <summary>Parses "id type size" or "id missing".</summary>
    private long? Parse(ReadOnlySpan<byte> line, string id)
    {
        ReadOnlySpan<byte> answer = line.Length > id.Length && Ascii.Equals(line[..id.Length], id) ? line[(id.Length + 1)..] : [];
        if (answer.SequenceEqual("missing"u8))
        {
            Missing++;
            return null;
        }

        return answer.StartsWith("blob "u8) && Utf8Parser.TryParse(answer[5..], out long size, out int used) && used == answer.Length - 5
            ? size
            : throw new GitException($"'git cat-file --batch-check' answered '{Encoding.UTF8.GetString(line)}' for blob {id}");
    }

    private async Task<GitException> EndedAsync()
    {
        (int exitCode, string errors) = await _git.ExitAsync(CancellationToken.None);
        return new GitException($"'git cat-file --batch-check' ended early (exit code {exitCode}): {errors.ReplaceLineEndings(" ")}");
    }
}
