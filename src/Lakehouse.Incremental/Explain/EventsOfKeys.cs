using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Explain;

/// <summary>The events of the wanted keys by key, each sorted by ORDER, with what takes part in the timelines.</summary>
internal sealed class EventsOfKeys
{
    private readonly Dictionary<byte[], List<KeyEvent>> _byKey = new(ByteComparer.Instance);
    private readonly Dictionary<TimelineEvent, KeyEvent> _byEvent = [];
    private readonly List<KeyEvent> _truncates = [];
    private readonly byte[] _own;

    private EventsOfKeys(WantedKeys keys)
    {
        _own = keys.Own;
        foreach (byte[] key in keys.Encoded)
        {
            _byKey.Add(key, []);
        }
    }

    /// <summary>The rows of the staged events that take part, ascending; in the timeline an event is named by its place in this list.</summary>
    public int[] Participants { get; private set; } = [];

    public static EventsOfKeys Collect(MergeTarget session, WantedKeys keys, StagedEvents staged, KnownRows known, Func<ChangeBatch, int, bool> isFromElsewhere)
    {
        EventsOfKeys events = new(keys);
        foreach (byte[] key in keys.Encoded)
        {
            events._byKey[key].AddRange(known.EventsOf(key).Select(e => FromTarget(known, e)).Where(e => isFromElsewhere(e.List, e.Row)));
        }

        events._truncates.AddRange(Enumerable.Range(0, known.Truncates.Count).Where(row => isFromElsewhere(known.Truncates, row))
            .Select(row => FromTarget(known, new TimelineEvent(TimelineEvent.Truncate, row))));
        events.AddStaged(session, staged);
        events.Settle(staged.Batch);
        return events;
    }

    /// <summary>All that is to be told of a key, truncates among it, in ORDER.</summary>
    public IReadOnlyList<KeyEvent> OfKey(byte[] key)
    {
        List<KeyEvent> all = [.. _byKey[key], .. _truncates];
        all.Sort(KeyEvent.Compare);
        return all;
    }

    /// <summary>The events of a key that a timeline is built from, each once.</summary>
    public List<TimelineEvent> TimelineOf(byte[] key) =>
        [.. _byKey[key].Concat(_truncates).Where(static e => e.Event is not null && e.Repeats is null).Select(static e => e.Event!.Value)];

    public KeyEvent Of(TimelineEvent e) => _byEvent[e];

    private void AddStaged(MergeTarget session, StagedEvents staged)
    {
        ChangeBatch batch = staged.Batch;
        for (int row = 0; row < batch.Count; row++)
        {
            KeyEvent e = new(batch, row, EventKnowledge.Staged) { Origin = staged.Origins[row] };
            if (batch.Kinds[row] == EventKind.Truncate)
            {
                _truncates.Add(e with { IsBelowBaseline = IsBelowBaseline(session, e, _truncates) });
            }
            else
            {
                List<KeyEvent> ofKey = _byKey[batch.Keys[row].ToArray()];
                ofKey.Add(e with { IsBelowBaseline = IsBelowBaseline(session, e, ofKey) });
            }
        }
    }

    /// <summary>The rows a table was adopted with stand for all up to the baseline; an event that is one of them is no other.</summary>
    private static bool IsBelowBaseline(MergeTarget session, KeyEvent e, List<KeyEvent> known) => session.Clocks.Baseline is { } baseline
        && e.List.Orders[e.Row].SequenceCompareTo(baseline.Span) <= 0
        && !known.Exists(k => k.Knowledge != EventKnowledge.Staged && KeyEvent.CompareOrder(k, e) == 0);

    /// <summary>Finds repetitions, and names the events that take part.</summary>
    private void Settle(ChangeBatch staged)
    {
        _truncates.Sort(KeyEvent.Compare);
        MarkRepeated(_truncates);
        foreach ((byte[] key, List<KeyEvent> ofKey) in _byKey)
        {
            // Of the truncates one that equals a delete is the same event to this key, but not to others.
            ofKey.Sort(KeyEvent.Compare);
            MarkRepeated(ofKey);
        }

        List<KeyEvent> taking = [.. _byKey.Values.SelectMany(static l => l).Concat(_truncates).Where(static e => e.TakesPart && e.Repeats is null)];
        Participants = [.. taking.Where(e => ReferenceEquals(e.List, staged)).Select(static e => e.Row).Order()];
        foreach (KeyEvent e in taking)
        {
            e.Event ??= new TimelineEvent(TimelineEvent.Batch, System.Array.BinarySearch(Participants, e.Row));
            _byEvent.Add(e.Event.Value, e);
        }
    }

    /// <summary>What the target tells of an event that is staged, too, is no delivery of its own.</summary>
    private static void MarkRepeated(List<KeyEvent> sorted)
    {
        KeyEvent? first = null;
        foreach (KeyEvent e in sorted.Where(static e => e.TakesPart))
        {
            if (first is not null && KeyEvent.CompareOrder(first, e) == 0)
            {
                e.Repeats = first;
            }
            else
            {
                first = e;
            }
        }

        sorted.RemoveAll(static e => e.Repeats is not null && e.Knowledge != EventKnowledge.Staged);
    }

    private static KeyEvent FromTarget(KnownRows known, TimelineEvent e) => e.Source switch
    {
        TimelineEvent.Visible => new KeyEvent(known.Visible, e.Row, EventKnowledge.Row) { Event = e },
        TimelineEvent.Stored => new KeyEvent(known.Stored, e.Row, EventKnowledge.State) { Event = e },
        _ => new KeyEvent(known.Truncates, e.Row, EventKnowledge.State) { Event = e },
    };
}
