using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Takes events out that are below the horizon or the baseline of a table (semantics 2.4, 2.43b): what would have decided about them is no longer known. They
/// are too late, unless it is certain that they change nothing.
/// </summary>
internal sealed class LateEvents(MergeConfiguration flow, TableEvents table, EventSources sources, IReadOnlySet<int> refused, MergeCounts counts)
{
    private readonly ReadOnlyMemory<byte>? _horizon = table.Horizon;
    private readonly ReadOnlyMemory<byte>? _baseline = table.Baseline;

    /// <summary>Rows of the batch that are too late.</summary>
    public List<int> TooLate { get; } = [];

    /// <summary>Removes such events from those of a key.</summary>
    /// <param name="fresh">The new events of the key in ORDER.</param>
    /// <param name="known">What is known of it.</param>
    /// <param name="truncates">What is known of all keys.</param>
    public void TakeOut(List<TimelineEvent> fresh, List<TimelineEvent> known, TimelineEvent[] truncates)
    {
        if (_horizon is null && _baseline is null)
        {
            return;
        }

        fresh.RemoveAll(e =>
        {
            bool? isTooLate = known.Exists(k => sources.CompareOrder(k, e) == 0) ? null
                : refused.Contains(e.Row) ? true
                : IsTooLate(e, known, truncates);
            if (isTooLate == true)
            {
                TooLate.Add(e.Row);
                counts.TooLate++;
            }
            else if (isTooLate == false)
            {
                counts.Late++;
                counts.AddArrivedLate(e, sources);
            }

            return isTooLate is not null;
        });
    }

    /// <summary>Null for an event that takes part, false for one that is certain to change nothing.</summary>
    private bool? IsTooLate(TimelineEvent e, List<TimelineEvent> known, TimelineEvent[] truncates)
    {
        if (_baseline is { } baseline && sources.Order(e).SequenceCompareTo(baseline.Span) <= 0)
        {
            return flow.IsHistory;
        }

        if (_horizon is not { } horizon || !sources.IsOrdered(e) || sources.Order(e).SequenceCompareTo(horizon.Span) >= 0)
        {
            return null;
        }

        if (flow.IsHistory)
        {
            return true;
        }

        // A key with neither row nor tombstone may have been deleted after the event.
        // What is overtaken may still be the last row of a marked key, count where deletes do not, or be the latest by the clock of a group.
        bool? overtaken = flow.DeleteMode == DeleteMode.Hard && sources.Layout.Groups.Count == 0 ? false : null;
        TimelineEvent? greatest = known.Count == 0 ? null : known.MaxBy(static k => k, sources);
        if (System.Array.Exists(truncates, t => sources.CompareOrder(e, t) < 0))
        {
            return overtaken;
        }

        return greatest is not { } top ? true
            : sources.CompareOrder(e, top) > 0 ? null
            : !sources.IsDelete(top) && !sources.IsWhole(top) ? true
            : overtaken;
    }
}
