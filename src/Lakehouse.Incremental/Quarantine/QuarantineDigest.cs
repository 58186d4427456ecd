using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Quarantine;

/// <summary>What tells one event in quarantine from another. Columns that come later change nothing for events that have no value there.</summary>
internal static class QuarantineDigest
{
    /// <param name="events">The events.</param>
    /// <param name="firstColumns">How many of their columns the table was created with.</param>
    public static string[] Of(RecordBatch events, int firstColumns)
    {
        int[] first = [.. Enumerable.Range(0, firstColumns)];
        int[] later = [.. Enumerable.Range(firstColumns, events.ColumnCount - firstColumns)];
        UInt128[] digests = RowDigest.Compute(events, first, DigestDomain.Event);
        UInt128[] more = RowDigest.Compute(events, later, DigestDomain.Data);

        // A row without values in the later columns has the digest of no columns at all.
        UInt128[] none = RowDigest.Compute(events, [], DigestDomain.Data);
        return [.. digests.Select((digest, row) => (digest ^ more[row] ^ none[row]).ToString("x32", CultureInfo.InvariantCulture))];
    }
}
