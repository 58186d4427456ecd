using System.Buffers.Binary;
using System.IO.Hashing;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Index;

/// <summary>
/// An encoded key as a number: short ones as they are, others as a 128-bit hash, of which a match is confirmed on the key itself wherever a stored row is used.
/// </summary>
internal static class KeyHash
{
    private const int ExactBytes = 15;

    public static UInt128 Of(ReadOnlySpan<byte> encodedKey)
    {
        if (encodedKey.Length > ExactBytes)
        {
            return XxHash128.HashToUInt128(encodedKey) | ((UInt128)byte.MaxValue << (8 * ExactBytes));
        }

        Span<byte> exact = stackalloc byte[ExactBytes + 1];
        exact.Clear();
        exact[0] = (byte)encodedKey.Length;
        encodedKey.CopyTo(exact[1..]);
        return BinaryPrimitives.ReadUInt128BigEndian(exact);
    }

    /// <summary>True when no other key has the number.</summary>
    public static bool IsExact(UInt128 key) => key >> (8 * ExactBytes) <= ExactBytes;

    public static UInt128[] Of(EncodedRows keys)
    {
        UInt128[] hashes = new UInt128[keys.Count];
        for (int row = 0; row < hashes.Length; row++)
        {
            hashes[row] = Of(keys[row]);
        }

        return hashes;
    }
}
