using System.Buffers.Binary;

namespace Lakehouse.Incremental.Delta;

/// <summary>Identifiers made of a seed and a counter (UUID version 8), so that a test run is reproducible.</summary>
internal sealed class SequentialIdSource(int seed) : IdSource
{
    private long _last;

    public override Guid NewId()
    {
        long number = Interlocked.Increment(ref _last);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        BinaryPrimitives.WriteInt32BigEndian(bytes, seed);
        bytes[6] = 0x80;
        bytes[8] = 0x80;
        return new Guid(bytes, bigEndian: true);
    }
}
