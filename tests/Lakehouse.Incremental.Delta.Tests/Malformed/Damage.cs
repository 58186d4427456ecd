using System.Buffers.Binary;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>Damage to bytes whatever they mean: what disks, broken transfers and careless tools do.</summary>
internal static class Damage
{
    private static readonly long[] Edges =
        [0, 1, -1, 2, 127, 128, 255, 256, 65_535, 65_536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40];

    /// <summary>Changed bytes within a range, and what was done.</summary>
    public static (byte[] Content, string Script) Apply(byte[] whole, int from, int to, Random random)
    {
        int at = random.Next(from, Math.Max(to, from + 1));
        int length = Math.Min(1 + random.Next(random.Next(2) == 0 ? 4 : 40), whole.Length - at);
        return random.Next(11) switch
        {
            0 or 1 or 2 => Flip(whole, at, random.Next(8)),
            3 or 4 => Overwrite(whole, at, Bytes(random, Math.Max(length, 0))),
            5 => Insert(whole, at, Bytes(random, 1 + random.Next(16))),
            6 => (Splice(whole, at, Math.Max(length, 0), []), $"delete {Math.Max(length, 0)} bytes at {at}"),
            7 => (whole[..at], $"truncate to {at}"),
            8 => Overwrite(whole, at, new byte[Math.Max(length, 0)]),
            9 => Overwrite(whole, at, Number(random)),
            _ => Repeat(whole, at, Math.Max(length, 0)),
        };
    }

    public static byte[] Splice(byte[] whole, int at, int removed, ReadOnlySpan<byte> inserted) =>
        [.. whole[..at], .. inserted, .. whole[(at + removed)..]];

    private static (byte[] Content, string Script) Flip(byte[] whole, int at, int bit)
    {
        byte[] content = [.. whole];
        if (at < content.Length)
        {
            content[at] ^= (byte)(1 << bit);
        }

        return (content, $"flip bit {bit} of byte {at}");
    }

    private static (byte[] Content, string Script) Overwrite(byte[] whole, int at, byte[] bytes)
    {
        byte[] content = [.. whole];
        bytes.AsSpan(0, Math.Min(bytes.Length, content.Length - at)).CopyTo(content.AsSpan(at));
        return (content, $"overwrite with {Convert.ToHexString(bytes)} at {at}");
    }

    private static (byte[] Content, string Script) Insert(byte[] whole, int at, byte[] bytes) =>
        (Splice(whole, at, 0, bytes), $"insert {Convert.ToHexString(bytes)} at {at}");

    private static (byte[] Content, string Script) Repeat(byte[] whole, int at, int length) =>
        (Splice(whole, at, 0, whole.AsSpan(at, length)), $"repeat {length} bytes at {at}");

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Number(Random random)
    {
        byte[] bytes = new byte[8];
        long value = Edges[random.Next(Edges.Length)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        }

        return random.Next(2) == 0 ? bytes : random.Next(2) == 0 ? bytes[..4] : bytes[4..];
    }
}
