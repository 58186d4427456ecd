using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Reconciliation;

/// <summary>Rows of one side of a comparison: for each its key and a digest of all it holds.</summary>
internal sealed class RowSet(int[] keyColumns)
{
    private readonly List<UInt128> _digests = [];
    private readonly List<UInt128> _keys = [];
    private readonly List<RowRef> _rows = [];

    public int[] KeyColumns => keyColumns;

    public List<RecordBatch> Batches { get; } = [];

    public BucketChecksums Checksums { get; } = new();

    public long Count => _keys.Count;

    public void Add(RecordBatch rows)
    {
        UInt128[] keys = KeyHash.Of(SequenceEncoding.Encode(rows, keyColumns));
        UInt128[] digests = RowDigest.Compute(rows, Enumerable.Range(0, rows.ColumnCount).ToArray(), DigestDomain.Event);
        for (int row = 0; row < rows.Length; row++)
        {
            Checksums.Add(keys[row], digests[row]);
            _rows.Add(new RowRef(Batches.Count, row));
        }

        _keys.AddRange(keys);
        _digests.AddRange(digests);
        Batches.Add(rows);
    }

    /// <summary>The rows of the given buckets by key.</summary>
    public Dictionary<UInt128, List<(UInt128 Digest, RowRef Row)>> ByKey(bool[] buckets)
    {
        Dictionary<UInt128, List<(UInt128, RowRef)>> rows = [];
        for (int i = 0; i < _keys.Count; i++)
        {
            if (buckets[BucketChecksums.BucketOf(_keys[i])])
            {
                if (!rows.TryGetValue(_keys[i], out List<(UInt128, RowRef)>? list))
                {
                    rows.Add(_keys[i], list = []);
                }

                list.Add((_digests[i], _rows[i]));
            }
        }

        return rows;
    }

    public string KeyText(RowRef row) => Merging.KeyText.Of(Batches[row.Batch], keyColumns, row.Row);
}
