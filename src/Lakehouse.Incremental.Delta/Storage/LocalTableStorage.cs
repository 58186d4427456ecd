using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>
/// A table in a folder of a local or mounted file system. A write that returned has reached the disk, its name included, and
/// <see cref="PutIfAbsentAsync"/> has exactly one winner among all threads and processes. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Failed writes raise <see cref="LakehouseException"/> with <see cref="ErrorCodes.StorageFailure"/>. A process that is killed leaves at most hidden
/// files named <c>.{32 hex digits}.tmp</c>, which listings do not show. Symbolic links that lead out of the folder are refused.
/// </remarks>
public sealed class LocalTableStorage : ITableStorage
{
    private readonly LocalPaths _paths;
    private readonly LocalPublisher _publisher;

    /// <summary>Opens a folder; it is created with the first write.</summary>
    /// <param name="root">Absolute, or relative to the current directory at this moment.</param>
    public LocalTableStorage(string root)
        : this(root, NativeFile.Current, IdSource.System)
    {
    }

    internal LocalTableStorage(string root, INativeFile native, IdSource ids)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        _paths = new LocalPaths(root, native);
        _publisher = new LocalPublisher(_paths.Root, native, ids);
    }

    /// <inheritdoc/>
    public string Name => _paths.Root;

    // Reads are short and mostly served from the page cache: a hop to another thread would cost more than they do.

    /// <inheritdoc/>
    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(LocalListing.Stat(new FileInfo(_paths.OfReadable(path)), path));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using SafeFileHandle handle = Open(path);
        long length = RandomAccess.GetLength(handle);
        if (length > Array.MaxLength)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"'{path}' has {length} bytes, too many to read at once."));
        }

        return ValueTask.FromResult(ReadExactly(handle, path, 0, (int)length));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        cancellationToken.ThrowIfCancellationRequested();
        using SafeFileHandle handle = Open(path);
        if (RandomAccess.GetLength(handle) - offset < length)
        {
            throw EndOf(path);
        }

        return ValueTask.FromResult(ReadExactly(handle, path, offset, length));
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<Stream>(new FileStream(Open(path), FileAccess.Read));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default)
    {
        string prefix = directory.Length == 0 ? "" : directory + "/";
        return LocalListing.Walk(_paths.OfDirectory(directory), prefix, startAfter, cancellationToken).ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        string target = _paths.Of(path);
        return await WriteAsync(
            path,
            () => !Path.Exists(target) && _publisher.PublishExclusively(_publisher.WriteTemp(target, content.Span), target),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> PutHintAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string target = _paths.Of(path);
        try
        {
            // Nothing waits for the disk, so the caller's thread can do it.
            return ValueTask.FromResult(_publisher.PublishExclusively(_publisher.WriteTemp(target, content.Span, durable: false), target, durable: false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        string target = _paths.Of(path);
        await WriteAsync(
            path,
            () =>
            {
                _publisher.PublishReplacing(_publisher.WriteTemp(target, content.Span), target);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        string target = _paths.Of(path);
        return await WriteAsync(path, () => new LocalStorageWriter(_publisher, target, path), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string target = _paths.Of(path);
        try
        {
            File.Delete(target);
        }
        catch (DirectoryNotFoundException)
        {
            // Where there is no directory, there is no file to delete.
            return ValueTask.CompletedTask;
        }

        return ValueTask.CompletedTask;
    }

    internal static LakehouseException Failure(string path, Exception error) =>
        new(ErrorCodes.StorageFailure, $"'{path}' could not be written: {error.Message}", error);

    // Waiting for the disk happens off the caller's thread. Once begun, a write is not interrupted: its outcome would be unknown.
    private static async Task<T> WriteAsync<T>(string path, Func<T> write, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(write, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, error);
        }
    }

    private SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(_paths.OfReadable(path), FileMode.Open, FileAccess.Read, LocalPublisher.Sharing);
        }
        catch (DirectoryNotFoundException error)
        {
            throw new FileNotFoundException(error.Message, path, error);
        }
    }

    private static byte[] ReadExactly(SafeFileHandle handle, string path, long offset, int length)
    {
        byte[] content = GC.AllocateUninitializedArray<byte>(length);
        for (int done = 0; done < length;)
        {
            int read = RandomAccess.Read(handle, content.AsSpan(done), offset + done);
            done += read > 0 ? read : throw EndOf(path);
        }

        return content;
    }

    private static EndOfStreamException EndOf(string path) => new($"'{path}' ends too early.");
}
