using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Tables;

/// <summary>A storage that lets a test act just before an exclusive write: commit something else, or fail.</summary>
internal sealed class HookedStorage(ITableStorage inner) : ITableStorage
{
    public string Name => inner.Name;

    /// <summary>Called with the path of each exclusive write.</summary>
    public Func<string, Task> BeforePutIfAbsent { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Called with the path of each atomic write.</summary>
    public Func<string, Task> BeforePut { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Called with the path of each new file.</summary>
    public Func<string, Task> BeforeCreate { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Called with the path of each file that is read whole.</summary>
    public Func<string, Task> BeforeRead { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Whether an exclusive write that succeeded is reported as a lost race, as when its first answer got lost on the way.</summary>
    public Func<string, bool> LoseAnswer { get; set; } = static _ => false;

    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default) => inner.StatAsync(path, cancellationToken);

    public async ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await BeforeRead(path);
        return await inner.ReadAsync(path, cancellationToken);
    }

    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default) =>
        inner.ReadRangeAsync(path, offset, length, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(path, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default) =>
        inner.ListAsync(directory, startAfter, cancellationToken);

    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        await BeforePutIfAbsent(path);
        return await inner.PutIfAbsentAsync(path, content, cancellationToken) && !LoseAnswer(path);
    }

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        await BeforePut(path);
        await inner.PutAsync(path, content, cancellationToken);
    }

    public async ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        await BeforeCreate(path);
        return await inner.CreateAsync(path, cancellationToken);
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) => inner.DeleteAsync(path, cancellationToken);
}
