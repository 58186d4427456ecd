namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>Collects a file in memory and puts it into the store when it is complete.</summary>
internal sealed class InMemoryStorageWriter(InMemoryTableStorage storage, string path) : StorageWriter
{
    private readonly MemoryStream _stream = new();
    private bool _finished;

    public override Stream Stream => _stream;

    public override async ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        _finished = true;
        byte[] content = _stream.ToArray();
        if (!await storage.PutIfAbsentAsync(path, content, cancellationToken).ConfigureAwait(false))
        {
            throw new IOException($"'{path}' is there already.");
        }

        return content.Length;
    }

    public override ValueTask DisposeAsync()
    {
        _finished = true;
        return ValueTask.CompletedTask;
    }
}
