using System.Buffers.Binary;
using System.IO.Hashing;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>Damage to a file with one deletion vector; half of it with the checksum made right again, so that the payload is looked at.</summary>
internal static class DeletionVectorDamage
{
    private const int PayloadStart = 5;

    public static (byte[] Content, string Script, Promise Promise) Apply(byte[] whole, Random random)
    {
        if (random.Next(2) == 0)
        {
            (byte[] content, string script) = Damage.Apply(whole, 0, whole.Length, random);
            return (content, script, Promise.SameRows);
        }

        // The head of the payload holds all its counts and sizes.
        byte[] payload = whole[PayloadStart..^4];
        (byte[] changed, string done) = Damage.Apply(payload, 0, random.Next(2) == 0 ? 40 : payload.Length, random);
        int keep = Math.Min(changed.Length, payload.Length);
        byte[] same = [.. changed[..keep], .. payload[keep..]];
        return (Framed(same), $"payload: {done}, cut or filled up to its length; checksum made right", Promise.SameCount);
    }

    private static byte[] Framed(byte[] payload)
    {
        byte[] file = new byte[payload.Length + PayloadStart + 4];
        file[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(1), payload.Length);
        payload.CopyTo(file, PayloadStart);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(PayloadStart + payload.Length), Crc32.HashToUInt32(payload));
        return file;
    }
}
