using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Detection;

/// <summary>The events of the staged versions after <see cref="From"/> up to and including <see cref="To"/>.</summary>
internal sealed record StagedRange(long From, long To, IReadOnlyList<RecordBatch> Events)
{
    public long Rows => Events.Sum(e => (long)e.Length);

    /// <summary>Reads whole versions until the next would exceed the limit; at least one.</summary>
    public static async Task<StagedRange> ReadAsync(DeltaTable staging, Snapshot snapshot, long from, long maxRows, CancellationToken cancellationToken)
    {
        List<RecordBatch> events = [];
        long rows = 0;
        long to = from;
        while (to < snapshot.Version)
        {
            IReadOnlyList<RecordBatch> version = await AppendedRows.ReadAsync(staging, snapshot, to + 1, cancellationToken).ConfigureAwait(false);
            long added = version.Sum(e => (long)e.Length);
            if (rows > 0 && rows + added > maxRows)
            {
                break;
            }

            events.AddRange(version);
            rows += added;
            to++;
        }

        return new StagedRange(from, to, events);
    }
}
