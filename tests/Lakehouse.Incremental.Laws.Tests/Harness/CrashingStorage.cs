using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Storage whose process ends at one of its writes: just before it takes effect, or just after.</summary>
internal sealed class CrashingStorage(ITableStorage inner, CrashPoint point) : ITableStorage
{
    public string Name => inner.Name;

    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default) => inner.StatAsync(path, cancellationToken);

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default) => inner.ReadAsync(path, cancellationToken);

    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default) =>
        inner.ReadRangeAsync(path, offset, length, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default) => inner.OpenReadAsync(path, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default) =>
        inner.ListAsync(directory, startAfter, cancellationToken);

    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        point.Before();
        bool put = await inner.PutIfAbsentAsync(path, content, cancellationToken);
        point.After();
        return put;
    }

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        point.Before();
        await inner.PutAsync(path, content, cancellationToken);
        point.After();
    }

    public async ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        new CrashingWriter(await inner.CreateAsync(path, cancellationToken), point);

    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        point.Before();
        await inner.DeleteAsync(path, cancellationToken);
        point.After();
    }

    private sealed class CrashingWriter(StorageWriter writer, CrashPoint point) : StorageWriter
    {
        public override Stream Stream => writer.Stream;

        public override async ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default)
        {
            point.Before();
            long size = await writer.CompleteAsync(cancellationToken);
            point.After();
            return size;
        }

        public override ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}
