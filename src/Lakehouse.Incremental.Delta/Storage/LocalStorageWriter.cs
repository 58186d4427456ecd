namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>A file being written under a hidden name, published by <see cref="CompleteAsync"/>.</summary>
internal sealed class LocalStorageWriter : StorageWriter
{
    private const int BufferSize = 64 * 1024;
    private readonly LocalPublisher _publisher;
    private readonly string _target;
    private readonly string _path;
    private readonly string _temp;
    private readonly FileStream _stream;
    private bool _finished;

    public LocalStorageWriter(LocalPublisher publisher, string target, string path)
    {
        _publisher = publisher;
        _target = target;
        _path = path;
        _temp = publisher.NewTempFor(target);
        _stream = new FileStream(_temp, FileMode.CreateNew, FileAccess.ReadWrite, LocalPublisher.Sharing, BufferSize);
    }

    public override Stream Stream => _stream;

    public override async ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        cancellationToken.ThrowIfCancellationRequested();
        _finished = true;

        // Waiting for a disk may take long: off the caller's thread, so that several files can be completed at once.
        return await Task.Run(Complete, CancellationToken.None).ConfigureAwait(false);
    }

    public override ValueTask DisposeAsync()
    {
        if (!_finished)
        {
            _finished = true;
            CloseQuietly();
        }

        return ValueTask.CompletedTask;
    }

    private long Complete()
    {
        long size;
        try
        {
            _stream.Flush();
            size = _stream.Length;
            _publisher.Sync(_stream);
            _stream.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CloseQuietly();
            throw LocalTableStorage.Failure(_path, error);
        }

        bool created;
        try
        {
            created = _publisher.PublishExclusively(_temp, _target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LocalTableStorage.Failure(_path, error);
        }

        return created ? size : throw new IOException($"'{_path}' is there already.");
    }

    // The buffered rest is written when the stream closes; whether that works is of no interest for a file that is being thrown away.
    private void CloseQuietly()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            _stream.SafeFileHandle.Dispose();
        }
        finally
        {
            LocalPublisher.Discard(_temp);
        }
    }
}
