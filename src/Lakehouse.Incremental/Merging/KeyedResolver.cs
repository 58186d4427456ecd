using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Scd2;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Decides what a folded batch does to the table: builds the timeline of each touched key from what is stored of it and the new events, and takes the
/// difference to what the table shows. Type 1 shows the end of the timeline, type 2 all of it.
/// </summary>
internal sealed class KeyedResolver
{
    private readonly MergeTarget _target;
    private readonly PreparedInput _input;
    private readonly ResolveMode _mode;
    private readonly ChangeBatch _batch;
    private readonly KeyWindow _window;
    private readonly ExistingRows _existing;
    private readonly ChangeBatch _visible;
    private readonly ChangeBatch _stored;
    private readonly EventSources _sources;
    private readonly TimelineEvent[] _truncates;
    private readonly RowChanges _changes;
    private readonly LateEvents _late;
    private readonly bool _adopts;

    private KeyedResolver(MergeTarget target, PreparedInput input, ResolveMode mode, KeyWindow window, ExistingRows existing, StateRecord[] records)
    {
        (_target, _input, _mode, _batch, _window, _existing) = (target, input, mode, input.Batch, window, existing);
        _adopts = _batch.Kinds.AsSpan().Contains(EventKind.Baseline);
        _visible = EventRecords.ReadRows(target.Layout, target.Layout.ToData(existing.Rows), existing.Clocks);
        _stored = EventRecords.ToEvents(target, records);
        TableEvents table = TableEvents.Of(target, input.Batch, mode);
        _truncates = [.. Enumerable.Range(0, table.Truncates.Count).Select(static row => new TimelineEvent(TimelineEvent.Truncate, row))];
        _sources = new EventSources(target.Layout, [_batch, _visible, _stored, table.Truncates]);
        _changes = new RowChanges(target, _sources, existing, records, table);
        _changes.Counts.RowsIn = _batch.Kinds.Count(static kind => kind is >= EventKind.SnapshotRead and <= EventKind.Truncate);
        _changes.Counts.Duplicates = input.Folded.Duplicates + table.Duplicates;
        _changes.Counts.Applied = table.Entering.Count(row => _batch.Kinds[row] == EventKind.Truncate);
        _changes.Counts.TooLate = table.TooLate.Count;
        foreach (int row in table.Late)
        {
            _changes.Counts.Late++;
            _changes.Counts.AddArrivedLate(new TimelineEvent(TimelineEvent.Batch, row), _sources);
        }

        _late = new LateEvents(target.Flow, table, _sources, input.Events.Refused, _changes.Counts);
        _late.TooLate.AddRange(table.TooLate);
    }

    /// <param name="target">The table and what is known of it.</param>
    /// <param name="input">The folded batch.</param>
    /// <param name="mode">Whether the batch adds to what is known.</param>
    /// <param name="cancellationToken">Cancels between keys.</param>
    /// <param name="clock">Takes the time of the steps; null where nobody asks.</param>
    public static async Task<MergePlan> ResolveAsync(
        MergeTarget target, PreparedInput input, ResolveMode mode, CancellationToken cancellationToken, StepClock? clock = null)
    {
        KeyWindow window = KeyWindow.Find(target, input.Batch, input.Folded, mode);
        Dictionary<RowLocation, int> unread = UnreadRows.Of(target, input, window, mode);
        clock?.Lap(MergeStage.Locate);
        ExistingRows existing = await ExistingRows.ReadAsync(target, window.Rows.SelectMany(static r => r), unread, input.Batch, cancellationToken).ConfigureAwait(false);
        clock?.Lap(MergeStage.Fetch);
        KeyedResolver resolver = new(target, input, mode, window, existing, [.. window.Records.SelectMany(static r => r)]);
        MergePlan plan = resolver.Resolve(cancellationToken);
        clock?.Lap(MergeStage.Resolve);
        return plan;
    }

    private MergePlan Resolve(CancellationToken cancellationToken)
    {
        int nextRecord = 0;
        FormerRows? former = _target.Layout.KeepsLinks ? new FormerRows(_batch, _input.Folded, _sources, _target.Flow) : null;
        Timeline timeline = new(_sources, _target.Flow, former is null ? null : former.Before);
        List<TimelineEvent> known = [];
        List<TimelineEvent> fresh = [];
        List<int[]> shownByKey = [];
        for (int key = 0; key < _input.Folded.Count; key++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<int> events = _input.Folded.Events(key);
            int[] shown = Shown(key, _batch.Keys[events[0]]);
            int firstRecord = nextRecord;
            nextRecord += _window.Records[key].Length;
            known.Clear();
            fresh.Clear();
            if (_mode == ResolveMode.Merge)
            {
                AddKnown(known, shown, events, firstRecord, nextRecord);
            }

            foreach (int e in events)
            {
                if (_batch.Kinds[e] != EventKind.KeyOnly)
                {
                    fresh.Add(new TimelineEvent(TimelineEvent.Batch, e));
                }
            }

            if (_mode == ResolveMode.Merge)
            {
                _late.TakeOut(fresh, known, _truncates);
            }

            known.AddRange(_truncates);
            known.AddRange(fresh);
            if (former is not null)
            {
                // The rows of one key may need those of another: all must be known first.
                former.Add(known);
                shownByKey.Add(shown);
                continue;
            }

            timeline.Build(known);
            _changes.Add(timeline, shown, firstRecord, nextRecord);
        }

        nextRecord = 0;
        for (int key = 0; key < shownByKey.Count; key++)
        {
            int firstRecord = nextRecord;
            nextRecord += _window.Records[key].Length;
            timeline.Build(former!.Events(key));
            _changes.Add(timeline, shownByKey[key], firstRecord, nextRecord);
        }

        return _changes.ToPlan(WithEqual(_late.TooLate));
    }

    /// <summary>Events go to quarantine together with those that are the same, as all deletes at one place are: else these would seem to be merged.</summary>
    private List<int> WithEqual(List<int> tooLate)
    {
        ILookup<UInt128, int> byKey = tooLate.ToLookup(PartOf);
        return tooLate.Count == 0 ? tooLate : [.. Enumerable.Range(0, _batch.Count).Where(row => byKey[PartOf(row)].Any(late => _batch.CompareOrder(row, _batch, late) == 0))];

        UInt128 PartOf(int row) => _batch.Kinds[row] == EventKind.Truncate ? UInt128.Zero : _batch.KeyHashes[row];
    }

    /// <summary>The rows of the key; the index finds them by a hash.</summary>
    private int[] Shown(int key, ReadOnlySpan<byte> keyBytes)
    {
        if (_window.Rows[key].Length == 0)
        {
            return [];
        }

        List<int> rows = new(_window.Rows[key].Length);
        foreach (RowLocation location in _window.Rows[key])
        {
            int row = _existing.IndexOf(location);
            if (_visible.Keys[row].SequenceEqual(keyBytes))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    /// <summary>The records, and the rows that are events themselves: those whose event is no record.</summary>
    private void AddKnown(List<TimelineEvent> known, int[] shown, ReadOnlySpan<int> events, int firstRecord, int endRecord)
    {
        for (int record = firstRecord; record < endRecord; record++)
        {
            if (_stored.Kinds[record] < EventKind.Truncate)
            {
                known.Add(new TimelineEvent(TimelineEvent.Stored, record));
            }
        }

        foreach (int row in shown)
        {
            bool isEvent = !_changes.IsMarked(row);
            for (int record = firstRecord; isEvent && record < endRecord; record++)
            {
                isEvent = _stored.Kinds[record] is not (EventKind.Upsert or EventKind.SnapshotRead) || !_stored.Orders[record].SequenceEqual(_visible.Orders[row]);
            }

            if (isEvent && !IsAdoptedOtherwise(row, events))
            {
                known.Add(new TimelineEvent(TimelineEvent.Visible, row));
            }
        }
    }

    /// <summary>True when a table is adopted and a row of it is taken for another event than it reads as.</summary>
    private bool IsAdoptedOtherwise(int row, ReadOnlySpan<int> events)
    {
        foreach (int e in events)
        {
            if (_adopts && _batch.Kinds[e] == Adoption.ClearedKind && _batch.Orders[e].SequenceEqual(_visible.Orders[row]))
            {
                return true;
            }
        }

        return false;
    }
}
