using System.Runtime.CompilerServices;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Storage that fails at one step: just before it takes effect, or just after.</summary>
internal sealed class CrashingStorage(ITableStorage inner, CrashPoint point) : ITableStorage
{
    public string Name => inner.Name;

    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default)
    {
        point.Read();
        return inner.StatAsync(path, cancellationToken);
    }

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        point.Read();
        return inner.ReadAsync(path, cancellationToken);
    }

    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default)
    {
        point.Read();
        return inner.ReadRangeAsync(path, offset, length, cancellationToken);
    }

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default)
    {
        point.Read();
        return inner.OpenReadAsync(path, cancellationToken);
    }

    public async IAsyncEnumerable<StoredFile> ListAsync(
        string directory, string? startAfter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        point.Read();
        await foreach (StoredFile file in inner.ListAsync(directory, startAfter, cancellationToken))
        {
            yield return file;
        }
    }

    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        point.WriteAsync(() => inner.PutIfAbsentAsync(path, content, cancellationToken));

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        await point.WriteAsync(async () =>
        {
            await inner.PutAsync(path, content, cancellationToken);
            return true;
        });

    public async ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        new CrashingWriter(await inner.CreateAsync(path, cancellationToken), point);

    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        await point.WriteAsync(async () =>
        {
            await inner.DeleteAsync(path, cancellationToken);
            return true;
        });

    private sealed class CrashingWriter(StorageWriter writer, CrashPoint point) : StorageWriter
    {
        public override Stream Stream => writer.Stream;

        public override ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default) =>
            point.WriteAsync(() => writer.CompleteAsync(cancellationToken));

        public override ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}
