using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Bits of validity and boolean buffers, copied and counted words at a time.</summary>
internal static class Bitmaps
{
    public static bool Get(ReadOnlySpan<byte> bits, int index) => ((bits[index >> 3] >> (index & 7)) & 1) != 0;

    public static void Set(Span<byte> bits, int index) => bits[index >> 3] |= (byte)(1 << (index & 7));

    public static void Clear(Span<byte> bits, int index) => bits[index >> 3] &= (byte)~(1 << (index & 7));

    /// <summary>Bytes that hold a number of bits.</summary>
    public static int Bytes(int bits) => (int)(((long)bits + 7) >> 3);

    public static void SetRange(Span<byte> bits, int start, int length)
    {
        int end = start + length;
        for (; start < end && (start & 7) != 0; start++)
        {
            Set(bits, start);
        }

        int bytes = (end - start) >> 3;
        bits.Slice(start >> 3, bytes).Fill(0xFF);
        for (start += bytes << 3; start < end; start++)
        {
            Set(bits, start);
        }
    }

    /// <summary>Copies bits into zeroed space.</summary>
    public static void Copy(ReadOnlySpan<byte> source, int from, Span<byte> target, int to, int length)
    {
        int end = to + length;
        for (; to < end && (to & 7) != 0; to++, from++)
        {
            CopyBit(source, from, target, to);
        }

        int bytes = (end - to) >> 3;
        CopyBytes(source[(from >> 3)..], from & 7, target.Slice(to >> 3, bytes));
        from += bytes << 3;
        for (to += bytes << 3; to < end; to++, from++)
        {
            CopyBit(source, from, target, to);
        }
    }

    public static int Count(ReadOnlySpan<byte> bits)
    {
        int set = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bits);
        foreach (ulong word in words)
        {
            set += BitOperations.PopCount(word);
        }

        foreach (byte rest in bits[(words.Length * sizeof(ulong))..])
        {
            set += BitOperations.PopCount(rest);
        }

        return set;
    }

    private static void CopyBit(ReadOnlySpan<byte> source, int from, Span<byte> target, int to)
    {
        if (Get(source, from))
        {
            Set(target, to);
        }
    }

    /// <summary>Fills whole bytes from bits that start anywhere in a byte. Reads no byte beyond the last bit.</summary>
    private static void CopyBytes(ReadOnlySpan<byte> source, int shift, Span<byte> target)
    {
        if (shift == 0)
        {
            source[..target.Length].CopyTo(target);
            return;
        }

        int i = 0;
        for (; i + sizeof(ulong) <= target.Length; i += sizeof(ulong))
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(source[i..]) >> shift;
            ulong high = (ulong)source[i + sizeof(ulong)] << (64 - shift);
            BinaryPrimitives.WriteUInt64LittleEndian(target[i..], low | high);
        }

        for (; i < target.Length; i++)
        {
            target[i] = (byte)((source[i] >> shift) | (source[i + 1] << (8 - shift)));
        }
    }
}
