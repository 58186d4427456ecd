using System.Buffers.Binary;
using System.Numerics;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>
/// The public interchange format of 32-bit Roaring bitmaps. Array, bitmap and run containers are read, array and bitmap containers are written.
/// </summary>
internal static class RoaringFormat
{
    private const int CookieWithoutRuns = 12346;
    private const int CookieWithRuns = 12347;

    // With runs, fewer containers than this come without a table of offsets.
    private const int OffsetsFrom = 4;
    private const int HeaderEntry = 2 * sizeof(ushort);

    public static long Size(ReadOnlySpan<Container> containers)
    {
        long size = 2 * sizeof(int) + (long)containers.Length * (HeaderEntry + sizeof(uint));
        foreach (Container container in containers)
        {
            size += SizeOf(container);
        }

        return size;
    }

    /// <summary>Writes the bitmap of one high half and returns the bytes it took.</summary>
    public static int Write(ReadOnlySpan<long> blocks, ReadOnlySpan<Container> containers, Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, CookieWithoutRuns);
        BinaryPrimitives.WriteInt32LittleEndian(target[sizeof(int)..], containers.Length);
        Span<byte> header = target[(2 * sizeof(int))..];
        Span<byte> offsets = header[(containers.Length * HeaderEntry)..];
        int position = 2 * sizeof(int) + containers.Length * (HeaderEntry + sizeof(uint));
        for (int i = 0; i < containers.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header[(i * HeaderEntry)..], (ushort)blocks[i]);
            BinaryPrimitives.WriteUInt16LittleEndian(header[(i * HeaderEntry + sizeof(ushort))..], (ushort)(containers[i].Cardinality - 1));
            BinaryPrimitives.WriteUInt32LittleEndian(offsets[(i * sizeof(uint))..], (uint)position);
            position += WriteContainer(containers[i], target[position..]);
        }

        return position;
    }

    /// <summary>Reads the bitmap of the high half <paramref name="high"/> and appends its containers.</summary>
    public static void Read(ref PayloadReader reader, int high, List<long> blocks, List<Container> containers)
    {
        int cookie = reader.ReadInt32();
        bool hasRuns = (cookie & 0xFFFF) == CookieWithRuns;
        if (!hasRuns && cookie != CookieWithoutRuns)
        {
            throw PayloadReader.Corrupt("a bitmap starts with an unknown cookie");
        }

        int count = hasRuns ? (int)((uint)cookie >> 16) + 1 : reader.ReadInt32();
        reader.CheckCount(count, HeaderEntry, "containers");
        ReadOnlySpan<byte> isRun = hasRuns ? reader.Bytes((count + 7) / 8) : [];
        ReadOnlySpan<byte> header = reader.Bytes((long)count * HeaderEntry);
        if (!hasRuns || count >= OffsetsFrom)
        {
            // The containers follow each other without a gap, so the offsets say nothing new.
            reader.Bytes((long)count * sizeof(uint));
        }

        int last = -1;
        for (int i = 0; i < count; i++)
        {
            int key = BinaryPrimitives.ReadUInt16LittleEndian(header[(i * HeaderEntry)..]);
            int cardinality = BinaryPrimitives.ReadUInt16LittleEndian(header[(i * HeaderEntry + sizeof(ushort))..]) + 1;
            if (key <= last)
            {
                throw PayloadReader.Corrupt("its containers are not in ascending order");
            }

            last = key;
            bool run = hasRuns && (isRun[i / 8] >> (i % 8) & 1) != 0;
            containers.Add(run ? ReadRuns(ref reader, cardinality)
                : cardinality <= Container.MaxArrayLength ? ReadArray(ref reader, cardinality)
                : ReadBitmap(ref reader, cardinality));
            blocks.Add(((long)high << 16) + key);
        }
    }

    private static ArrayContainer ReadArray(ref PayloadReader reader, int cardinality)
    {
        ushort[] lows = reader.ReadUInt16s(cardinality);
        for (int i = 1; i < lows.Length; i++)
        {
            if (lows[i] <= lows[i - 1])
            {
                throw PayloadReader.Corrupt("the members of a container are not in ascending order");
            }
        }

        return new ArrayContainer(lows);
    }

    private static BitmapContainer ReadBitmap(ref PayloadReader reader, int cardinality)
    {
        ulong[] words = reader.ReadUInt64s(Container.WordCount);
        int found = 0;
        foreach (ulong word in words)
        {
            found += BitOperations.PopCount(word);
        }

        return found == cardinality ? new BitmapContainer(words, cardinality) : throw WrongCount();
    }

    private static RunContainer ReadRuns(ref PayloadReader reader, int cardinality)
    {
        int count = reader.ReadUInt16();
        ushort[] runs = reader.ReadUInt16s(2 * count);
        int found = 0;
        int next = 0;
        for (int i = 0; i < runs.Length; i += 2)
        {
            int end = runs[i] + runs[i + 1] + 1;
            if (runs[i] < next || end > Container.Span)
            {
                throw PayloadReader.Corrupt("the runs of a container overlap or leave it");
            }

            next = end;
            found += runs[i + 1] + 1;
        }

        return found == cardinality ? new RunContainer(runs, cardinality) : throw WrongCount();
    }

    private static CorruptTableException WrongCount() => PayloadReader.Corrupt("a container has not as many members as its header says");

    private static int SizeOf(Container container) =>
        container.Cardinality <= Container.MaxArrayLength ? container.Cardinality * sizeof(ushort) : Container.WordCount * sizeof(ulong);

    private static int WriteContainer(Container container, Span<byte> target)
    {
        int size = SizeOf(container);
        if (container.Cardinality <= Container.MaxArrayLength)
        {
            Span<ushort> lows = stackalloc ushort[container.Cardinality];
            container.CopyTo(lows);
            for (int i = 0; i < lows.Length; i++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(target[(i * sizeof(ushort))..], lows[i]);
            }

            return size;
        }

        Span<ulong> words = stackalloc ulong[Container.WordCount];
        words.Clear();
        container.OrInto(words);
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target[(i * sizeof(ulong))..], words[i]);
        }

        return size;
    }
}
