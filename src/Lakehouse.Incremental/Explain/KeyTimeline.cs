using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Explain;

/// <summary>The timeline of a key as a merge builds it, with all that the engine forgets: events that were overtaken, repeated or set apart.</summary>
internal sealed class KeyTimeline
{
    private readonly Dictionary<TimelineEvent, KeyEvent> _byEvent = [];

    private KeyTimeline(MergeTarget session, EventSources sources, IReadOnlyList<KeyEvent> events)
    {
        (Session, Sources, Events) = (session, sources, events);
        foreach (KeyEvent e in events.Where(static e => e.Event is not null && e.Repeats is null))
        {
            _byEvent.TryAdd(e.Event!.Value, e);
        }
    }

    public MergeTarget Session { get; }

    public EventSources Sources { get; }

    /// <summary>The events of the key, truncates among them, in ORDER.</summary>
    public IReadOnlyList<KeyEvent> Events { get; }

    public Timeline Timeline { get; private set; } = null!;

    /// <summary>The rows that the target is to have.</summary>
    public IReadOnlyList<TimelineRun> Rows { get; private set; } = [];

    /// <summary>Events of former keys that the rows show something of, numbered after those of the key.</summary>
    public List<KeyEvent> Former { get; } = [];

    /// <param name="session">The target.</param>
    /// <param name="keys">The key, and those it was before.</param>
    /// <param name="staged">The staged events of the keys.</param>
    /// <param name="known">What the target holds of them.</param>
    /// <param name="isFromElsewhere">Whether an event that is not staged may be known from the target all the same.</param>
    public static KeyTimeline Build(MergeTarget session, WantedKeys keys, StagedEvents staged, KnownRows known, Func<ChangeBatch, int, bool> isFromElsewhere)
    {
        EventsOfKeys events = EventsOfKeys.Collect(session, keys, staged, known, isFromElsewhere);
        int[] taken = events.Participants;
        ChangeBatch batch = TakeOf(session.Layout, staged.Batch, taken);
        PreparedInput input = PreparedInput.Of(session.Layout, new NormalizedEvents(batch, [], [])).WithKeys(keys.Rows);
        EventSources sources = new(session.Layout, [input.Batch, known.Visible, known.Stored, known.Truncates]);
        KeyTimeline timeline = new(session, sources, events.OfKey(keys.Own));
        FormerRows former = new(input.Batch, input.Folded, sources, session.Flow);
        for (int key = 0; key < input.Folded.Count; key++)
        {
            former.Add(events.TimelineOf(input.Batch.Keys[input.Folded.Events(key)[0]].ToArray()));
        }

        Timeline built = new(sources, session.Flow, session.Layout.KeepsLinks ? former.Before : null);
        built.Build(events.TimelineOf(keys.Own));
        timeline.Timeline = built;
        timeline.Rows = session.Flow.IsHistory ? built.Runs : RowChanges.LatestRow(built);
        timeline.AddFormer(events);
        return timeline;
    }

    /// <summary>Numbers the events; those that were refused come between the key's own and those of former keys.</summary>
    public void Number(int refused)
    {
        for (int i = 0; i < Events.Count; i++)
        {
            Events[i].Number = i + 1;
        }

        for (int i = 0; i < Former.Count; i++)
        {
            Former[i].Number = Events.Count + refused + i + 1;
        }
    }

    public KeyEvent Of(TimelineEvent e) => _byEvent[e];

    public int? NumberOf(TimelineEvent e) => _byEvent.TryGetValue(e, out KeyEvent? found) ? found.Number : null;

    /// <summary>True when an event belongs to a former key.</summary>
    public bool IsOfFormerKey(TimelineEvent e) => _byEvent.TryGetValue(e, out KeyEvent? found) && Former.Contains(found);

    private void AddFormer(EventsOfKeys events)
    {
        IEnumerable<TimelineEvent> authors = Rows.SelectMany(static run => run.Row.Authors).Distinct();
        foreach (TimelineEvent author in authors.Where(author => !_byEvent.ContainsKey(author)))
        {
            KeyEvent former = events.Of(author);
            _byEvent.Add(author, former);
            Former.Add(former);
        }

        Former.Sort(KeyEvent.Compare);
    }

    private static ChangeBatch TakeOf(MergeLayout layout, ChangeBatch all, int[] rows)
    {
        HashSet<int> taken = [.. rows];
        return rows.Length == 0 ? ChangeBatch.Concat(layout, []) : all.Where(taken.Contains);
    }
}
