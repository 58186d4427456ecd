using System.Buffers.Binary;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>
/// The payload of a deletion vector (protocol notes, section 9): a magic number, then 32-bit Roaring bitmaps by the high half of the position.
/// Everything is little-endian.
/// </summary>
internal static class DeletionVectorFormat
{
    private const int PortableMagic = 1681511377;
    private const int NativeMagic = 1681511376;

    // A bitmap of no containers takes a cookie and a count.
    private const int SmallestBitmap = 8;

    public static DeletionVector Read(ReadOnlySpan<byte> payload)
    {
        PayloadReader reader = new(payload);
        List<long> blocks = [];
        List<Container> containers = [];
        int magic = reader.ReadInt32();
        if (magic == PortableMagic)
        {
            ReadPortable(ref reader, blocks, containers);
        }
        else if (magic == NativeMagic)
        {
            ReadNative(ref reader, blocks, containers);
        }
        else
        {
            throw PayloadReader.Corrupt("it does not start with a known magic number");
        }

        return reader.Remaining == 0
            ? new DeletionVector([.. blocks], [.. containers])
            : throw PayloadReader.Corrupt("bytes are left over behind its end");
    }

    public static byte[] Write(DeletionVector vector)
    {
        List<(int Start, int End)> buckets = Buckets(vector.Blocks);
        long size = sizeof(int) + sizeof(long);
        foreach ((int start, int end) in buckets)
        {
            size += sizeof(int) + RoaringFormat.Size(vector.Containers[start..end]);
        }

        byte[] payload = new byte[checked((int)size)];
        Span<byte> rest = payload;
        BinaryPrimitives.WriteInt32LittleEndian(rest, PortableMagic);
        BinaryPrimitives.WriteInt64LittleEndian(rest[sizeof(int)..], buckets.Count);
        rest = rest[(sizeof(int) + sizeof(long))..];
        foreach ((int start, int end) in buckets)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, checked((int)(vector.Blocks[start] >> 16)));
            rest = rest[sizeof(int)..];
            rest = rest[RoaringFormat.Write(vector.Blocks[start..end], vector.Containers[start..end], rest)..];
        }

        return payload;
    }

    private static void ReadPortable(ref PayloadReader reader, List<long> blocks, List<Container> containers)
    {
        long buckets = reader.ReadInt64();
        reader.CheckCount(buckets, sizeof(int) + SmallestBitmap, "bitmaps");
        long last = -1;
        for (long i = 0; i < buckets; i++)
        {
            int high = reader.ReadInt32();
            if (high <= last)
            {
                throw PayloadReader.Corrupt("its bitmaps are not in ascending order");
            }

            last = high;
            RoaringFormat.Read(ref reader, high, blocks, containers);
        }
    }

    // The layout of the first implementation: the bitmaps are numbered by their place, each behind its size.
    private static void ReadNative(ref PayloadReader reader, List<long> blocks, List<Container> containers)
    {
        int count = reader.ReadInt32();
        reader.CheckCount(count, sizeof(int) + SmallestBitmap, "bitmaps");
        for (int high = 0; high < count; high++)
        {
            int size = reader.ReadInt32();
            PayloadReader inner = reader.Take(size);
            RoaringFormat.Read(ref inner, high, blocks, containers);
            if (inner.Remaining != 0)
            {
                throw PayloadReader.Corrupt("the size of a bitmap is wrong");
            }
        }
    }

    private static List<(int Start, int End)> Buckets(ReadOnlySpan<long> blocks)
    {
        List<(int Start, int End)> buckets = [];
        for (int start = 0; start < blocks.Length;)
        {
            int end = start + 1;
            while (end < blocks.Length && blocks[end] >> 16 == blocks[start] >> 16)
            {
                end++;
            }

            buckets.Add((start, end));
            start = end;
        }

        return buckets;
    }
}
