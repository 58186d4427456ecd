namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>Draws the places of the rows that a batch changes.</summary>
internal sealed class KeyDraw(long rows, KeyDistribution distribution, long seed)
{
    private const double Exponent = 0.99;
    private const int ClusterShare = 100;

    private readonly Permutation _all = new(rows, seed);

    /// <summary>Distinct places, a function of seed and batch.</summary>
    /// <param name="batch">Its number.</param>
    /// <param name="count">How many, of those that the distribution can yield at most.</param>
    public long[] Batch(int batch, int count)
    {
        if (distribution == KeyDistribution.Uniform)
        {
            return [.. Enumerable.Range(0, count).Select(i => _all[((long)batch * count) + i])];
        }

        long most = distribution == KeyDistribution.Clustered ? Math.Max(rows / ClusterShare, 1) : rows;
        HashSet<long> drawn = [];
        long[] places = new long[Math.Min(count, most)];
        for (long attempt = 0, next = 0; next < places.Length; attempt++)
        {
            double share = (Hash.Of(seed, batch, attempt) >> 11) * (1.0 / (1L << 53));
            long place = distribution switch
            {
                KeyDistribution.Zipf => _all[Rank(share)],
                KeyDistribution.Latest => rows - 1 - Rank(share),
                _ => rows - 1 - (long)(share * most),
            };
            if (drawn.Add(place))
            {
                places[next++] = place;
            }
        }

        return places;
    }

    /// <summary>The rank by Zipf's law, from the inverse of its continuous form: no sum over all rows is needed.</summary>
    private long Rank(double share) =>
        Math.Clamp((long)Math.Pow(((Math.Pow(rows + 1.0, 1 - Exponent) - 1) * share) + 1, 1 / (1 - Exponent)) - 1, 0, rows - 1);
}
