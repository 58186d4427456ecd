using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Rows of which the clock alone decides what becomes of them: every new event of their key tells the whole row or deletes it, at another place in the order, so
/// the row is replaced, or stays, whatever it shows. Reading them is most of what a batch on a large table costs.
/// </summary>
internal static class UnreadRows
{
    /// <summary>For each such row a row of the batch that has its key.</summary>
    public static Dictionary<RowLocation, int> Of(MergeTarget target, PreparedInput input, KeyWindow window, ResolveMode mode)
    {
        Dictionary<RowLocation, int> unread = [];
        if (mode != ResolveMode.Merge || !MayStayUnread(target) || input.Batch.Kinds.AsSpan().Contains(EventKind.Baseline))
        {
            return unread;
        }

        for (int key = 0; key < input.Folded.Count; key++)
        {
            ReadOnlySpan<int> events = input.Folded.Events(key);
            if (window.Rows[key] is [RowLocation row] && IsDecidedByClock(target, input.Batch, events, window, key, row))
            {
                unread.Add(row, events[0]);
            }
        }

        return unread;
    }

    /// <summary>Change data, marks, clocks of groups and columns that came later all need what the row shows.</summary>
    private static bool MayStayUnread(MergeTarget target) => target.Table.Options.UsesKeyIndex
        && !target.Flow.IsHistory && target.Flow.DeleteMode == DeleteMode.Hard && target.Layout.Groups.Count == 0
        && !target.Snapshot.TableProperties.EnableChangeDataFeed && !System.Array.Exists(target.Layout.IsAdded, static added => added);

    private static bool IsDecidedByClock(
        MergeTarget target, ChangeBatch batch, ReadOnlySpan<int> events, KeyWindow window, int key, RowLocation row)
    {
        // Of a long key the index knows a hash, which the row would have to confirm.
        if (!KeyHash.IsExact(batch.KeyHashes[events[0]]) || System.Array.Exists(window.Records[key], r => EventRecords.KindOf(target.State, r) != EventKind.Delete))
        {
            return false;
        }

        ReadOnlySpan<byte> clock = target.Index.Clock(row);
        foreach (int e in events)
        {
            bool tells = batch.Kinds[e] == EventKind.KeyOnly || batch.IsDelete(e) || batch.IsWhole(e);
            if (!tells || batch.Orders[e].SequenceEqual(clock))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The clocks of rows as the index has them.</summary>
    public static EncodedRows Clocks(KeyIndex index, IReadOnlyList<RowLocation> rows)
    {
        int[] offsets = new int[rows.Count + 1];
        for (int i = 0; i < rows.Count; i++)
        {
            offsets[i + 1] = checked(offsets[i] + index.Clock(rows[i]).Length);
        }

        byte[] buffer = new byte[offsets[^1]];
        for (int i = 0; i < rows.Count; i++)
        {
            index.Clock(rows[i]).CopyTo(buffer.AsSpan(offsets[i]));
        }

        return new EncodedRows(buffer, offsets);
    }
}
