namespace Lakehouse.Incremental.Scd2;

/// <summary>
/// The canonical timeline of one key (semantics 2.14): at each sequence at most one delete, then at most one upsert; a delete ends a life; inside a life
/// upserts that agree on the tracked columns form one run.
/// </summary>
internal sealed class Timeline
{
    /// <summary>The rows the table shows, by start.</summary>
    public List<TimelineRun> Runs { get; } = [];

    /// <summary>What the rows cannot tell: the other members of runs, and the deletes, in order.</summary>
    public List<TimelineEvent> Hidden { get; } = [];

    /// <summary>Events equal to one that was there before them.</summary>
    public List<TimelineEvent> Repeated { get; } = [];

    /// <summary>Upserts that lost a tie against another upsert at their sequence.</summary>
    public List<TimelineEvent> Superseded { get; } = [];

    /// <summary>Pairs of different events at one sequence of which at least one is new.</summary>
    public int NewTies { get; private set; }

    /// <summary>Builds the timeline of a set of events in any order; the list is sorted in place.</summary>
    public static Timeline Of(List<TimelineEvent> events, EventSources sources)
    {
        events.Sort(sources);
        Timeline timeline = new();
        List<TimelineEvent> effective = timeline.Fold(events, sources);
        timeline.Cut(effective, sources);
        return timeline;
    }

    /// <summary>Drops repetitions and losers of ties.</summary>
    private List<TimelineEvent> Fold(List<TimelineEvent> sorted, EventSources sources)
    {
        List<TimelineEvent> effective = new(sorted.Count);
        foreach (TimelineEvent e in sorted)
        {
            if (effective.Count > 0)
            {
                TimelineEvent previous = effective[^1];
                if (sources.CompareOrder(previous, e) == 0)
                {
                    Repeated.Add(e);
                    continue;
                }

                if (sources.Sequence(previous).SequenceEqual(sources.Sequence(e)))
                {
                    NewTies += e.Source == TimelineEvent.Batch || previous.Source == TimelineEvent.Batch ? 1 : 0;
                    if (!sources.IsDelete(previous))
                    {
                        Superseded.Add(previous);
                        effective.RemoveAt(effective.Count - 1);
                    }
                }
            }

            effective.Add(e);
        }

        return effective;
    }

    private void Cut(List<TimelineEvent> effective, EventSources sources)
    {
        TimelineEvent? head = null;
        TimelineEvent last = default;
        foreach (TimelineEvent e in effective)
        {
            if (sources.IsDelete(e))
            {
                Close(e);
                Hidden.Add(e);
            }
            else if (head is not null && sources.Tracked(last) == sources.Tracked(e))
            {
                Hidden.Add(last);
                last = e;
            }
            else
            {
                Close(e);
                head = e;
                last = e;
            }
        }

        if (head is { } open)
        {
            Runs.Add(new TimelineRun(open, last, null));
        }

        void Close(TimelineEvent end)
        {
            if (head is { } start)
            {
                Runs.Add(new TimelineRun(start, last, end));
                head = null;
            }
        }
    }
}
