using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Tests.Quarantine;

/// <summary>A store whose process stops when it is about to write the first data file.</summary>
internal sealed class StoppingStorage(ITableStorage inner, CancellationTokenSource stop) : ITableStorage
{
    public string Name => inner.Name;

    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default) => inner.StatAsync(path, cancellationToken);

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default) => inner.ReadAsync(path, cancellationToken);

    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default) =>
        inner.ReadRangeAsync(path, offset, length, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default) => inner.OpenReadAsync(path, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default) =>
        inner.ListAsync(directory, startAfter, cancellationToken);

    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        inner.PutIfAbsentAsync(path, content, cancellationToken);

    public ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        inner.PutAsync(path, content, cancellationToken);

    public ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        stop.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
        return inner.CreateAsync(path, cancellationToken);
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) => inner.DeleteAsync(path, cancellationToken);
}
