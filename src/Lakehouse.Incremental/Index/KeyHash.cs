using System.IO.Hashing;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Index;

/// <summary>The 128-bit hash of an encoded key. A match is confirmed on the key itself wherever a stored row is used.</summary>
internal static class KeyHash
{
    public static UInt128 Of(ReadOnlySpan<byte> encodedKey) => XxHash128.HashToUInt128(encodedKey);

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
