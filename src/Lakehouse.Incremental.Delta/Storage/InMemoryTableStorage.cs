using System.Collections.Immutable;

namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>
/// A table in the memory of this process, for tests and trials: same contract as <see cref="LocalTableStorage"/>, nothing survives the object.
/// Listings see the files as they were when the listing began.
/// </summary>
public sealed class InMemoryTableStorage : ITableStorage
{
    private readonly TimeProvider _time;
    private ImmutableSortedDictionary<string, Entry> _files = ImmutableSortedDictionary.Create<string, Entry>(StringComparer.Ordinal);

    /// <summary>Creates an empty store.</summary>
    /// <param name="timeProvider">Gives the modification times; the system's clock when null.</param>
    public InMemoryTableStorage(TimeProvider? timeProvider = null)
    {
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoragePath.Check(path);
        return ValueTask.FromResult(_files.TryGetValue(path, out Entry? entry) ? entry.Describe(path) : null);
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Find(path).Content.AsSpan().ToArray());
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        cancellationToken.ThrowIfCancellationRequested();
        byte[] content = Find(path).Content;
        return content.Length - offset < length
            ? throw new EndOfStreamException($"'{path}' ends too early.")
            : ValueTask.FromResult(content.AsSpan((int)offset, length).ToArray());
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<Stream>(new MemoryStream(Find(path).Content, writable: false));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default)
    {
        StoragePath.CheckDirectory(directory);
        return List(_files, directory.Length == 0 ? "" : directory + "/", startAfter, cancellationToken).ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoragePath.Check(path);
        Entry entry = new(content.ToArray(), _time.GetUtcNow());
        bool created = ImmutableInterlocked.Update(
            ref _files, static (files, file) => files.ContainsKey(file.path) ? files : files.Add(file.path, file.entry), (path, entry));
        return ValueTask.FromResult(created);
    }

    /// <inheritdoc/>
    public ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoragePath.Check(path);
        Entry entry = new(content.ToArray(), _time.GetUtcNow());
        ImmutableInterlocked.Update(ref _files, static (files, file) => files.SetItem(file.path, file.entry), (path, entry));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoragePath.Check(path);
        return ValueTask.FromResult<StorageWriter>(new InMemoryStorageWriter(this, path));
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoragePath.Check(path);
        ImmutableInterlocked.Update(ref _files, static (files, file) => files.Remove(file), path);
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<StoredFile> List(
        ImmutableSortedDictionary<string, Entry> files, string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        foreach ((string path, Entry entry) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (path.StartsWith(prefix, StringComparison.Ordinal) && (startAfter is null || string.CompareOrdinal(path, startAfter) > 0))
            {
                yield return entry.Describe(path);
            }
        }
    }

    private Entry Find(string path)
    {
        StoragePath.Check(path);
        return _files.TryGetValue(path, out Entry? entry) ? entry : throw new FileNotFoundException($"There is no file '{path}'.", path);
    }

    private sealed record Entry(byte[] Content, DateTimeOffset Modified)
    {
        public StoredFile Describe(string path) => new(path, Content.Length, Modified);
    }
}
