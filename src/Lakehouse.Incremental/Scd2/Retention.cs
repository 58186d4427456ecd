using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Scd2;

/// <summary>
/// Which events of a key must be kept so that later ones, whatever they are, come to the same as if all had been kept. For type 2 that is whatever decides
/// something at its position. For type 1 it is what the row is made of, the delete that its life began after (a column that is added later is null since then),
/// and the delete that ended it.
/// </summary>
internal static class Retention
{
    public static List<TimelineEvent> Of(Timeline timeline, EventSources sources, MergeConfiguration flow, ReadOnlyMemory<byte>? horizon)
    {
        if (timeline.Distinct.Count == 1 && timeline.Groups.Count == 0 && horizon is null)
        {
            return timeline.Distinct[0].Source == TimelineEvent.Truncate ? [] : [timeline.Distinct[0]];
        }

        if (IsWholeLatest(timeline, flow, horizon))
        {
            return [timeline.Distinct[^1]];
        }

        HashSet<TimelineEvent> kept = [.. flow.IsHistory ? timeline.Effective : OfLatest(timeline, flow.DeleteMode)];
        if (flow.DeleteMode == DeleteMode.Ignore)
        {
            IEnumerable<TimelineEvent> deletes = timeline.Distinct.Where(sources.IsDelete);
            kept.UnionWith(flow.IsHistory ? deletes : deletes.TakeLast(1));
        }

        foreach (GroupCells group in timeline.Groups)
        {
            kept.UnionWith(group.Authors);
        }

        // Truncates are kept once, for all keys.
        List<TimelineEvent> retained = [.. timeline.Distinct.Where(e => e.Source != TimelineEvent.Truncate && kept.Contains(e))];
        if (horizon is { } h && !sources.Layout.KeepsLinks)
        {
            Collect(retained, timeline, sources, flow, h.Span);
        }

        return retained;
    }

    /// <summary>True where nothing was deleted and the latest event tells the whole row, so that it is all there is to keep. Most keys of most batches are so.</summary>
    private static bool IsWholeLatest(Timeline timeline, MergeConfiguration flow, ReadOnlyMemory<byte>? horizon) =>
        !flow.IsHistory && flow.DeleteMode == DeleteMode.Hard && horizon is null && timeline.Groups.Count == 0 && timeline.Trailing.Count == 0 && timeline.Floor is null
        && timeline.Last is { Cells: null } last && last.Top == timeline.Distinct[^1];

    /// <summary>
    /// Drops what only events before the horizon could ask for (semantics 2.4): deletes that end nothing shown or kept, and of a history the members in the middle of a run.
    /// </summary>
    private static void Collect(List<TimelineEvent> retained, Timeline timeline, EventSources sources, MergeConfiguration flow, ReadOnlySpan<byte> horizon)
    {
        HashSet<TimelineEvent> borders = [.. timeline.Runs.SelectMany(static r => new[] { r.Start, r.Row.Top, r.End ?? r.Start })];
        for (int i = retained.Count - 1; i >= 0; i--)
        {
            TimelineEvent e = retained[i];
            if (sources.Order(e).SequenceCompareTo(horizon) >= 0 || (flow.IsHistory && (borders.Contains(e) || IsSeam(e, timeline, sources))))
            {
                continue;
            }

            bool collected = sources.IsDelete(e)
                ? flow.IsHistory || flow.DeleteMode == DeleteMode.Ignore || (flow.DeleteMode == DeleteMode.Hard && !retained[..i].Exists(sources.IsRow))
                : flow.IsHistory && sources.IsWhole(e) && i + 1 < retained.Count && IsWholeBefore(retained[i + 1], sources, horizon);
            if (collected)
            {
                retained.RemoveAt(i);
            }
        }
    }

    /// <summary>True for a delete where a row begins: whether it also ended one cannot be told from the part of a history that a batch looks at.</summary>
    private static bool IsSeam(TimelineEvent e, Timeline timeline, EventSources sources) =>
        sources.IsDelete(e) && timeline.Runs.Exists(run => sources.Position(run.Start).SequenceEqual(sources.Position(e)));

    private static bool IsWholeBefore(TimelineEvent next, EventSources sources, ReadOnlySpan<byte> horizon) =>
        !sources.IsDelete(next) && sources.IsWhole(next) && sources.Order(next).SequenceCompareTo(horizon) < 0;

    private static IEnumerable<TimelineEvent> OfLatest(Timeline timeline, DeleteMode mode)
    {
        bool showsLast = timeline.Trailing.Count == 0 || mode == DeleteMode.Soft;
        if (showsLast && timeline.Last is { } row)
        {
            IEnumerable<TimelineEvent> floor = timeline.Floor is { } cut ? [cut] : [];
            return [.. row.Authors, .. floor, .. timeline.Trailing];
        }

        return mode == DeleteMode.Soft ? timeline.Trailing : timeline.Trailing.TakeLast(1);
    }
}
