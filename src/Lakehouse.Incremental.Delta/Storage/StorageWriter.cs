namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>A file being written. Disposing it before <see cref="CompleteAsync"/> discards what was written.</summary>
public abstract class StorageWriter : IAsyncDisposable
{
    /// <summary>Where the bytes go. Owned by the writer: do not dispose it.</summary>
    public abstract Stream Stream { get; }

    /// <summary>Makes the file durable and visible under its name, and returns its size in bytes.</summary>
    public abstract ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default);

    /// <summary>Discards the file unless it was completed.</summary>
    public abstract ValueTask DisposeAsync();
}
