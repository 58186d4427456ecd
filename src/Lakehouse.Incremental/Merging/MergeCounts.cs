using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Merging;

/// <summary>What became of each event of a batch, and what it did to the table.</summary>
internal sealed record MergeCounts
{
    /// <summary>How many examples of a kind a merge keeps: the first by key and ORDER, so that they do not depend on how the batch was arranged.</summary>
    public const int MaxSamples = 5;

    public long RowsIn { get; set; }

    public long Applied { get; set; }

    public long Duplicates { get; set; }

    public long Late { get; set; }

    public long Superseded { get; set; }

    public long Quarantined { get; set; }

    public SortedDictionary<string, long> QuarantinedByReason { get; } = new(StringComparer.Ordinal);

    public long TooLate { get; set; }

    public long Ties { get; set; }

    public List<EventSample> TieSamples { get; } = [];

    public long ArrivedLate { get; set; }

    public List<EventSample> LateSamples { get; } = [];

    public long DeletesUnmatched { get; set; }

    public long TombstonesWritten { get; set; }

    public long KeysUnchanged { get; set; }

    public long Inserted { get; set; }

    public long Updated { get; set; }

    public long Deleted { get; set; }

    public long Closed { get; set; }

    public long Marked { get; set; }

    public void AddTies(IEnumerable<TimelineEvent> ties, EventSources sources)
    {
        foreach (TimelineEvent e in ties)
        {
            Ties++;
            AddSample(TieSamples, e, sources);
        }
    }

    /// <summary>An event that is older than what the table knew of its key.</summary>
    public void AddArrivedLate(TimelineEvent e, EventSources sources)
    {
        ArrivedLate++;
        AddSample(LateSamples, e, sources);
    }

    /// <summary>The accounting identity (semantics 2.41): every event is accounted for once.</summary>
    public void AssertBalance(string flow)
    {
        if (RowsIn != Applied + Duplicates + Late + Superseded + TooLate + Quarantined)
        {
            throw new InvalidOperationException(
                $"Flow '{flow}': {RowsIn} events in, but {Applied} applied + {Duplicates} duplicate + {Late} late + {Superseded} superseded + {TooLate} too late + {Quarantined} quarantined.");
        }
    }

    private static void AddSample(List<EventSample> samples, TimelineEvent e, EventSources sources)
    {
        if (samples.Count < MaxSamples)
        {
            Apache.Arrow.RecordBatch rows = sources.Lists[e.Source].Rows;
            samples.Add(new EventSample(KeyText.Of(rows, sources.Layout.Keys, e.Row), KeyText.Of(rows, sources.Layout.Order, e.Row)));
        }
    }
}
