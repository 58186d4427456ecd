namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>Batches of changes to a base table.</summary>
internal sealed class ChangeSource(long baseRows, ChangeMix mix, long seed, KeyDistribution keys = KeyDistribution.Uniform)
{
    private readonly KeyDraw _known = new(baseRows, keys, seed);
    private readonly Permutation _orders = new(Places.Orders(baseRows), seed + 1);

    /// <summary>The rows of a batch, mixed.</summary>
    /// <param name="batch">Its number; rows of batch 0 have version 1.</param>
    /// <param name="rows">How many.</param>
    public RowId[] Batch(int batch, int rows)
    {
        int inserts = (int)Math.Round(rows * mix.Inserts);
        int deletes = (int)Math.Round(rows * mix.Deletes);
        int unchanged = (int)Math.Round(rows * mix.Unchanged);
        long[] places = _known.Batch(batch, rows - inserts);
        int known = places.Length;
        long version = batch + 1;
        RowId[] ids = new RowId[known + inserts];
        for (int i = 0; i < known; i++)
        {
            RowId row = Places.Base(places[i]);
            ids[i] = i < unchanged ? row : row with { Version = version, Operation = i < unchanged + deletes ? 'd' : 'u' };
        }

        for (int i = 0; i < inserts; i++)
        {
            long place = ((long)batch * inserts) + i;
            ids[known + i] = mix.InsertsAtEnd ? Places.After(baseRows, place, version) : Places.Between(_orders[place], version);
        }

        Shuffle(ids, version);
        return ids;
    }

    private void Shuffle(RowId[] ids, long version)
    {
        for (int i = ids.Length - 1; i > 0; i--)
        {
            int other = (int)(Hash.Of(seed, version, i) % (ulong)(i + 1));
            (ids[i], ids[other]) = (ids[other], ids[i]);
        }
    }
}
