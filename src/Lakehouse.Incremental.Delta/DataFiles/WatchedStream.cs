using System.Runtime.ExceptionServices;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Remembers why the store failed: on its way through native code an exception becomes text, and a broken line would pass for a broken file.
/// </summary>
internal sealed class WatchedStream(Stream inner) : Stream
{
    private ExceptionDispatchInfo? _failure;
    private PageHeaderCheck? _pages;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public bool Failed => _failure is not null;

    /// <summary>From now on only pages are read: their headers are looked at before they are believed.</summary>
    public void ExpectPages() => _pages = new PageHeaderCheck();

    /// <summary>Throws what the store threw first, if it did.</summary>
    public void ThrowFailure() => _failure?.Throw();

    public override int Read(Span<byte> buffer)
    {
        if (_pages is null)
        {
            return ReadInner(buffer);
        }

        long position = inner.Position;
        int read = ReadInner(buffer);
        _pages.Inspect(position, buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception error)
        {
            _failure ??= ExceptionDispatchInfo.Capture(error);
            throw;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (Exception error)
        {
            _failure ??= ExceptionDispatchInfo.Capture(error);
            throw;
        }
    }

    // A position that makes no sense comes from the file, not from the store.
    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    private int ReadInner(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception error)
        {
            _failure ??= ExceptionDispatchInfo.Capture(error);
            throw;
        }
    }
}
