using System.Runtime.InteropServices;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Changes;

/// <summary>The digests by which events that tie are told apart: over the cells they set, by name. A null enters, a cell that is not set does not.</summary>
internal static class EventDigest
{
    public static UInt128[] Compute(RecordBatch rows, CellPresence? presence)
    {
        int[] all = [.. Enumerable.Range(0, rows.ColumnCount)];
        UInt128[] digests = RowDigest.Compute(rows, all, DigestDomain.Event);
        if (presence is null)
        {
            return digests;
        }

        // Rows that set the same cells are digested together.
        IEnumerable<IGrouping<string, int>> partial = Enumerable.Range(0, rows.Length)
            .Where(row => !presence.IsWhole(row))
            .GroupBy(row => Convert.ToHexString(MemoryMarshal.AsBytes(presence.Words(row))), StringComparer.Ordinal);
        foreach (IGrouping<string, int> group in partial)
        {
            int[] members = [.. group];
            int[] set = [.. all.Where(column => presence.IsSet(members[0], column))];
            UInt128[] ofGroup = RowDigest.Compute(TakeKernel.Take(rows, members), set, DigestDomain.Event);
            for (int i = 0; i < members.Length; i++)
            {
                digests[members[i]] = ofGroup[i];
            }
        }

        return digests;
    }
}
