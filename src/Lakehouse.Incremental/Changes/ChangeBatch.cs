using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Changes;

/// <summary>Events in the form the engines work on: the target's data columns, and beside each row its operation, key and place in ORDER.</summary>
internal sealed class ChangeBatch
{
    public ChangeBatch(RecordBatch rows, bool[] isDelete, ReadOnlySpan<int> keys, ReadOnlySpan<int> sequence)
    {
        Rows = rows;
        IsDelete = isDelete;
        Keys = SequenceEncoding.Encode(rows, keys);
        Sequences = SequenceEncoding.Encode(rows, sequence);
        KeyHashes = KeyHash.Of(Keys);
        Digests = RowDigest.Compute(rows, Enumerable.Range(0, rows.ColumnCount).ToArray(), DigestDomain.Event);
    }

    public RecordBatch Rows { get; }

    public bool[] IsDelete { get; }

    /// <summary>Canonical keys: byte order is the order of output.</summary>
    public EncodedRows Keys { get; }

    public EncodedRows Sequences { get; }

    public UInt128[] KeyHashes { get; }

    public UInt128[] Digests { get; }

    /// <summary>Rows that only name a key, and are no event: how a rebuild speaks of a key that has no events. Null when there are none.</summary>
    public bool[]? IsPhantom { get; init; }

    public int Count => Rows.Length;

    /// <summary>Rule ORDER (semantics 2.0): sequence, then delete before upsert, then the digest. Deletes at one sequence are one event.</summary>
    public int CompareOrder(int left, int right)
    {
        int order = Sequences[left].SequenceCompareTo(Sequences[right]);
        return order != 0 ? order : CompareAtOneSequence(IsDelete[left], Digests[left], IsDelete[right], Digests[right]);
    }

    /// <summary>ORDER of two events of one key at one sequence.</summary>
    public static int CompareAtOneSequence(bool leftDelete, UInt128 leftDigest, bool rightDelete, UInt128 rightDigest)
    {
        if (leftDelete != rightDelete)
        {
            return leftDelete ? -1 : 1;
        }

        return leftDelete ? 0 : leftDigest.CompareTo(rightDigest);
    }
}
