using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

/// <summary>One file, of which only so many reads or writes succeed.</summary>
internal sealed class BrittleStorage(byte[] content, int goodCalls) : ITableStorage
{
    public string Name => "brittle";

    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default) => new(new BrittleStream(content, goodCalls));

    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        new(new Writer(new BrittleStream(new byte[1 << 20], goodCalls)));

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private sealed class Writer(Stream stream) : StorageWriter
    {
        public override Stream Stream => stream;

        public override ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default) => new(stream.Position);

        public override ValueTask DisposeAsync() => stream.DisposeAsync();
    }

    private sealed class BrittleStream(byte[] content, int goodCalls) : MemoryStream(content)
    {
        private int _left = goodCalls;

        public override int Read(byte[] buffer, int offset, int count)
        {
            Use();
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            Use();
            return base.Read(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Use();
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Use();
            base.Write(buffer);
        }

        private void Use()
        {
            if (_left-- <= 0)
            {
                throw new IOException("the cable is out");
            }
        }
    }
}
