using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

/// <summary>One file, from which only so many reads succeed.</summary>
internal sealed class BrittleStorage(byte[] content, int goodReads) : ITableStorage
{
    public string Name => "brittle";

    public ValueTask<StoredFile?> StatAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<byte[]> ReadRangeAsync(string path, long offset, int length, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default) => new(new BrittleStream(content, goodReads));

    public IAsyncEnumerable<StoredFile> ListAsync(string directory, string? startAfter = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<StorageWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private sealed class BrittleStream(byte[] content, int goodReads) : MemoryStream(content, writable: false)
    {
        private int _left = goodReads;

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

        private void Use()
        {
            if (_left-- <= 0)
            {
                throw new IOException("the cable is out");
            }
        }
    }
}
