using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Scd2;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Explain;

/// <summary>What the target holds of the wanted keys: rows, and events of the flow's state.</summary>
internal sealed class KnownRows
{
    private readonly MergeTarget _session;

    private KnownRows(MergeTarget session, ExistingRows existing, ChangeBatch stored)
    {
        (_session, Existing, Stored) = (session, existing, stored);
        Visible = EventRecords.ReadRows(session.Layout, session.Layout.ToData(existing.Rows));
        Shown = new ShownRows(session, existing.Rows);
        TableClocks clocks = session.Clocks;
        Truncates = clocks.Events.Where(row => clocks.Events.Kinds[row] == EventKind.Truncate);
    }

    public ExistingRows Existing { get; }

    /// <summary>The rows as the events they show.</summary>
    public ChangeBatch Visible { get; }

    public ShownRows Shown { get; }

    public ChangeBatch Stored { get; }

    /// <summary>The truncates that the state keeps.</summary>
    public ChangeBatch Truncates { get; }

    public static async Task<KnownRows> ReadAsync(MergeTarget session, WantedKeys keys, CancellationToken cancellationToken)
    {
        List<RowLocation> locations = [];
        List<StateRecord> records = [];
        foreach (byte[] key in keys.Encoded)
        {
            session.Index.Find(KeyHash.Of(key), locations);
            records.AddRange(session.State.Find(key).Where(r => EventRecords.KindOf(session.State, r) < EventKind.Truncate));
        }

        ExistingRows existing = await ExistingRows.ReadAsync(session.Table, session.Snapshot, session.Index, locations, cancellationToken).ConfigureAwait(false);
        return new KnownRows(session, existing, EventRecords.ToEvents(session, records));
    }

    /// <summary>The rows of a key; those of a history by start.</summary>
    public int[] RowsOf(byte[] key)
    {
        int[] rows = [.. Enumerable.Range(0, Visible.Count).Where(row => Visible.Keys[row].SequenceEqual(key))];
        if (_session.Flow.IsHistory)
        {
            System.Array.Sort(rows, (a, b) => Shown.Start(a).SequenceCompareTo(Shown.Start(b)) is int order and not 0 ? order : a.CompareTo(b));
        }

        return rows;
    }

    /// <summary>What rows and state know of a key as events: the records, and the rows whose event is no record.</summary>
    public IEnumerable<TimelineEvent> EventsOf(byte[] key)
    {
        int[] records = [.. Enumerable.Range(0, Stored.Count).Where(row => Stored.Keys[row].SequenceEqual(key))];
        IEnumerable<int> rows = RowsOf(key).Where(row =>
            !(_session.Flow.IsHistory && Shown.IsDeleted(row))
            && !System.Array.Exists(records, r => Stored.Kinds[r] is EventKind.Upsert or EventKind.SnapshotRead && Stored.Orders[r].SequenceEqual(Visible.Orders[row])));
        return records.Select(static r => new TimelineEvent(TimelineEvent.Stored, r)).Concat(rows.Select(static r => new TimelineEvent(TimelineEvent.Visible, r)));
    }
}
