using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Log;

/// <summary>Notes what is read and listed, so that tests can hold the log to its promises of little work; can lose the answer of a write.</summary>
internal sealed class CountingStorage(ITableStorage inner) : ITableStorage
{
    public string Name => inner.Name;

    public List<string> Read { get; } = [];

    public List<string> Listed { get; } = [];

    public int Stats { get; private set; }

    /// <summary>The next exclusive write happens, but is reported as lost, as after a repeated request.</summary>
    public bool LoseNextAnswer { get; set; }

    public void Reset()
    {
        Read.Clear();
        Listed.Clear();
        Stats = 0;
    }

    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default)
    {
        Stats++;
        return inner.StatAsync(path, cancellationToken);
    }

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        Read.Add(path);
        return inner.ReadAsync(path, cancellationToken);
    }

    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default) =>
        inner.ReadRangeAsync(path, offset, length, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(path, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default) =>
        inner.ListAsync(directory, startAfter, cancellationToken).Select(file =>
        {
            Listed.Add(file.Path);
            return file;
        });

    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        bool created = await inner.PutIfAbsentAsync(path, content, cancellationToken);
        bool lost = LoseNextAnswer;
        LoseNextAnswer = false;
        return created && !lost;
    }

    public ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        inner.PutAsync(path, content, cancellationToken);

    public ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        inner.CreateAsync(path, cancellationToken);

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) => inner.DeleteAsync(path, cancellationToken);
}
