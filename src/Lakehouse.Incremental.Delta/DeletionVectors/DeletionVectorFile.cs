using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>
/// The layout of a deletion vector file (protocol notes, section 9): a version byte, then per vector its size, its payload and a CRC-32, the
/// numbers big-endian.
/// </summary>
internal static class DeletionVectorFile
{
    /// <summary>Size before and checksum behind a payload.</summary>
    public const int Overhead = 2 * sizeof(int);

    /// <summary>Where the first vector of a file starts: behind the version byte.</summary>
    public const int FirstOffset = 1;

    public const byte Version = 1;

    /// <summary>The path of a relative vector, from its prefix and the Z85 form of its UUID; null when that is malformed.</summary>
    public static string? PathOf(string prefixAndId)
    {
        const int EncodedId = 20;
        if (prefixAndId.Length < EncodedId || Z85.Decode(prefixAndId[^EncodedId..], 16) is not { } bytes)
        {
            return null;
        }

        string name = NameOf(new Guid(bytes, bigEndian: true));
        return prefixAndId.Length == EncodedId ? name : $"{prefixAndId[..^EncodedId]}/{name}";
    }

    public static string NameOf(Guid id) => $"deletion_vector_{id:D}.bin";

    /// <summary>Appends one vector and returns the offset it got.</summary>
    public static int Append(ArrayBufferWriter<byte> file, ReadOnlySpan<byte> payload)
    {
        if (file.WrittenCount == 0)
        {
            file.GetSpan(1)[0] = Version;
            file.Advance(1);
        }

        int offset = file.WrittenCount;
        Span<byte> target = file.GetSpan(payload.Length + Overhead);
        BinaryPrimitives.WriteInt32BigEndian(target, payload.Length);
        payload.CopyTo(target[sizeof(int)..]);
        BinaryPrimitives.WriteUInt32BigEndian(target[(sizeof(int) + payload.Length)..], Crc32.HashToUInt32(payload));
        file.Advance(payload.Length + Overhead);
        return offset;
    }

    /// <summary>The payload of a vector from its bytes with size and checksum; a sentence what is wrong when they do not fit.</summary>
    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> framed, out string? wrong)
    {
        ReadOnlySpan<byte> payload = framed[sizeof(int)..^sizeof(int)];
        wrong = BinaryPrimitives.ReadInt32BigEndian(framed) != payload.Length ? "its size differs from the one in the log"
            : BinaryPrimitives.ReadUInt32BigEndian(framed[^sizeof(int)..]) != Crc32.HashToUInt32(payload) ? "its checksum does not match"
            : null;
        return payload;
    }
}
