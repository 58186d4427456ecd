namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>
/// All that is assumed of the store a table lies in. Paths are relative to the root, separated by <c>/</c>, not percent-encoded; a path with a
/// <c>..</c> or <c>.</c> segment, an absolute path or a NUL is refused with <see cref="ErrorCodes.PathNotAllowed"/>.
/// A write that returned is durable, hints excepted. Implementations are safe for concurrent use.
/// </summary>
public interface ITableStorage
{
    /// <summary>A name of the root for messages: a folder or a URI without secrets.</summary>
    string Name { get; }

    /// <summary>Size and time of a file, or null when there is none.</summary>
    ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>The whole content of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Exactly <paramref name="length"/> bytes from <paramref name="offset"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default);

    /// <summary>A seekable stream over a file. The caller disposes it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>
    /// All files below a directory, at any depth, in ordinal order of their paths. A directory that does not exist is empty.
    /// </summary>
    /// <param name="directory">Relative directory without a trailing slash; empty for the root.</param>
    /// <param name="startAfter">When given, only paths that are ordinally greater.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default);

    /// <summary>Creates a file atomically with the whole content, or does nothing and returns false because one is there.</summary>
    ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="PutIfAbsentAsync"/>, for a file that only spares readers work: nobody sees a part of it, but it may be lost or cut short when the
    /// machine stops. Default: durable like any other.
    /// </summary>
    ValueTask<bool> PutHintAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        PutIfAbsentAsync(path, content, cancellationToken);

    /// <summary>Creates or replaces a file atomically: a reader sees the old or the new content, never a mixture.</summary>
    ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a new file that becomes visible, whole and durable, with <see cref="StorageWriter.CompleteAsync"/>. Names of such files are unique: when
    /// one is there already, completing throws <see cref="IOException"/>.
    /// </summary>
    ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Deletes a file; nothing happens when there is none.</summary>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default);
}
