using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Merging;

/// <summary>Finds the live row of each key of a batch, for tables with one row a key.</summary>
internal static class LocatedKeys
{
    private static readonly RowLocation None = new(-1, -1);

    /// <summary>Per folded key the location of its row, or a location before all others when it has none.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.TargetKeyNotUnique"/>: the table holds a key of the batch twice (semantics 2.35).</exception>
    public static RowLocation[] Find(MergeTarget target, ChangeBatch batch, FoldedChanges folded, ResolveMode mode, List<RowLocation> surplus)
    {
        RowLocation[] found = new RowLocation[folded.Count];
        List<RowLocation> rows = [];
        List<int> repeated = [];
        for (int key = 0; key < found.Length; key++)
        {
            rows.Clear();
            int first = folded.Events(key)[0];
            target.Index.Find(batch.KeyHashes[first], rows);
            rows.Sort();
            found[key] = rows.Count == 0 ? None : rows[0];
            if (rows.Count > 1)
            {
                repeated.Add(first);
                surplus.AddRange(rows[1..]);
            }
        }

        if (repeated.Count > 0 && mode == ResolveMode.Merge)
        {
            throw new LakehouseException(
                ErrorCodes.TargetKeyNotUnique,
                $"Table {target.Table.Storage.Name} holds {repeated.Count} of the keys of this batch more than once; repair it with the Reconciler.")
            {
                Table = target.Table.Storage.Name,
                Flow = target.Flow.Name,
                Count = repeated.Count,
                SampleKeys = KeyText.Samples(batch.Rows, target.Layout.Keys, repeated),
            };
        }

        return found;
    }
}
