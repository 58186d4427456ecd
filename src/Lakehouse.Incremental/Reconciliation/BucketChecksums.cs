namespace Lakehouse.Incremental.Reconciliation;

/// <summary>
/// Multiset checksums of rows by bucket of key: the number of rows and the sum of their 128-bit digests, which is free of order. Equal buckets need no
/// look at their rows.
/// </summary>
internal sealed class BucketChecksums
{
    public const int Count = 1024;

    private readonly long[] _rows = new long[Count];
    private readonly UInt128[] _sums = new UInt128[Count];

    public static int BucketOf(UInt128 keyHash) => (int)(keyHash >> 118);

    public void Add(UInt128 keyHash, UInt128 digest)
    {
        int bucket = BucketOf(keyHash);
        _rows[bucket]++;
        _sums[bucket] = unchecked(_sums[bucket] + digest);
    }

    /// <summary>Which buckets differ.</summary>
    public bool[] Differences(BucketChecksums other)
    {
        bool[] differs = new bool[Count];
        for (int bucket = 0; bucket < Count; bucket++)
        {
            differs[bucket] = _rows[bucket] != other._rows[bucket] || _sums[bucket] != other._sums[bucket];
        }

        return differs;
    }
}
