using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Reconciliation;

/// <summary>Finds the keys whose rows differ between two sets: first by bucket checksums, then, where those differ, row by row.</summary>
internal static class RowSetComparison
{
    /// <summary>The drifted keys by hash, with how they differ and a row that shows the key.</summary>
    public static Dictionary<UInt128, Drift> Compare(RowSet expected, RowSet actual, out int differingBuckets)
    {
        bool[] buckets = expected.Checksums.Differences(actual.Checksums);
        differingBuckets = buckets.Count(b => b);
        Dictionary<UInt128, Drift> drift = [];
        Dictionary<UInt128, List<(UInt128 Digest, RowRef Row)>> wanted = expected.ByKey(buckets);
        foreach ((UInt128 key, List<(UInt128 Digest, RowRef Row)> rows) in actual.ByKey(buckets))
        {
            if (!wanted.Remove(key, out List<(UInt128 Digest, RowRef Row)>? should))
            {
                drift.Add(key, new Drift(DriftKind.Extra, rows[0].Row, InActual: true));
            }
            else if (!SameDigests(should, rows))
            {
                drift.Add(key, new Drift(IsDuplicate(should, rows) ? DriftKind.Duplicate : DriftKind.Different, rows[0].Row, InActual: true));
            }
        }

        foreach ((UInt128 key, List<(UInt128 Digest, RowRef Row)> rows) in wanted)
        {
            drift.Add(key, new Drift(DriftKind.Missing, rows[0].Row, InActual: false));
        }

        return drift;
    }

    private static bool SameDigests(List<(UInt128 Digest, RowRef Row)> a, List<(UInt128 Digest, RowRef Row)> b) =>
        a.Count == b.Count && a.Select(x => x.Digest).Order().SequenceEqual(b.Select(x => x.Digest).Order());

    private static bool IsDuplicate(List<(UInt128 Digest, RowRef Row)> should, List<(UInt128 Digest, RowRef Row)> rows) =>
        rows.Count > should.Count && should.Select(x => x.Digest).ToHashSet().SetEquals(rows.Select(x => x.Digest));
}
