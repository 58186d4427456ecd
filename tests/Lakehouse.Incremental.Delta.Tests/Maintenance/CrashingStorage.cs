using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Maintenance;

/// <summary>Storage of a process that dies at one of its writes or deletions: before it takes effect or after. From then on nothing works.</summary>
internal sealed class CrashingStorage(ITableStorage inner, int at, bool afterEffect) : ITableStorage
{
    private int _steps;

    public bool Crashed { get; private set; }

    public string Name => inner.Name;

    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default) => Alive().StatAsync(path, cancellationToken);

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default) => Alive().ReadAsync(path, cancellationToken);

    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default) =>
        Alive().ReadRangeAsync(path, offset, length, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default) => Alive().OpenReadAsync(path, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default) =>
        Alive().ListAsync(directory, startAfter, cancellationToken);

    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        StepAsync(() => inner.PutIfAbsentAsync(path, content, cancellationToken));

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        await StepAsync(async () =>
        {
            await inner.PutAsync(path, content, cancellationToken);
            return true;
        });

    public async ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        new Writer(this, await Alive().CreateAsync(path, cancellationToken));

    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        await StepAsync(async () =>
        {
            await inner.DeleteAsync(path, cancellationToken);
            return true;
        });

    private ITableStorage Alive() => Crashed ? throw new CrashException() : inner;

    private async ValueTask<T> StepAsync<T>(Func<ValueTask<T>> step)
    {
        Alive();
        bool dies = _steps++ == at;
        if (dies && !afterEffect)
        {
            Crashed = true;
            throw new CrashException();
        }

        T result = await step();
        if (dies)
        {
            Crashed = true;
            throw new CrashException();
        }

        return result;
    }

    private sealed class Writer(CrashingStorage owner, StorageWriter writer) : StorageWriter
    {
        public override Stream Stream => writer.Stream;

        public override ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default) =>
            owner.StepAsync(() => writer.CompleteAsync(cancellationToken));

        public override ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}
