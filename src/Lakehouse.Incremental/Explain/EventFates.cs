using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Explain;

/// <summary>Tells of each event of a key what became of it, by the timeline that a merge builds.</summary>
internal sealed class EventFates
{
    private readonly KeyTimeline _key;
    private readonly EventSources _sources;
    private readonly MergeConfiguration _flow;
    private readonly HashSet<TimelineEvent> _shown;
    private readonly HashSet<TimelineEvent> _effective;

    public EventFates(KeyTimeline key)
    {
        (_key, _sources, _flow) = (key, key.Sources, key.Session.Flow);
        _shown = [.. key.Rows.SelectMany(static run => run.Row.Authors)];
        _effective = [.. key.Timeline.Effective];
    }

    public EventFate Of(KeyEvent e)
    {
        if (e.Origin is { IsPending: true })
        {
            return new EventFate(EventStatus.Pending, null, ExplainRules.Pending);
        }

        if (e.Origin is { IsTooLate: true })
        {
            return new EventFate(EventStatus.TooLate, null, ExplainRules.TooLate);
        }

        if (e.IsBelowBaseline)
        {
            return new EventFate(EventStatus.BelowBaseline, null, ExplainRules.Baseline);
        }

        return e.Repeats is { } first ? new EventFate(EventStatus.Duplicate, first, ExplainRules.Duplicate)
            : e.Event is not { } at ? throw new InvalidOperationException("An event that takes part has a place in the timeline.")
            : e.List.IsDelete(e.Row) ? OfDelete(e, at) : OfUpsert(at);
    }

    private EventFate OfDelete(KeyEvent e, TimelineEvent at)
    {
        if (_flow.DeleteMode == DeleteMode.Ignore)
        {
            return new EventFate(EventStatus.Ignored, null, ExplainRules.Ignored);
        }

        // A truncate may be the same event to this key as a delete of it: the timeline has only one of them.
        TimelineEvent same = _key.Timeline.Distinct.Find(d => _sources.CompareOrder(d, at) == 0);
        if (same != at)
        {
            return new EventFate(EventStatus.Duplicate, _key.Of(same), ExplainRules.Duplicate);
        }

        bool isTruncate = e.List.Kinds[e.Row] == EventKind.Truncate;
        TimelineRun? ended = _key.Timeline.Runs.Find(run => run.End == at && !run.IsMarked) ?? _key.Timeline.Runs.Find(run => run.IsMarked && run.Start == at);
        return ended is null ? new EventFate(EventStatus.Remembered, null, ExplainRules.Remembered)
            : new EventFate(EventStatus.Ended, _key.Of(ended.Row.Top), isTruncate ? ExplainRules.Truncation : ended.IsMarked ? ExplainRules.Mark : ExplainRules.Cut);
    }

    private EventFate OfUpsert(TimelineEvent at)
    {
        if (_shown.Contains(at))
        {
            TimelineRun run = _key.Rows.First(run => run.Row.Authors.Contains(at));
            return new EventFate(EventStatus.Shown, null, RuleOf(run, at));
        }

        if (!_sources.IsOrdered(at))
        {
            return new EventFate(EventStatus.Overtaken, null, ExplainRules.Group);
        }

        return _flow.IsHistory ? OfHistory(at) : OfLatest(at);
    }

    private string RuleOf(TimelineRun run, TimelineEvent at) => run.Row.Top == at
        ? _flow.IsHistory ? ExplainRules.Period : ExplainRules.Greatest
        : ExplainRules.Cells;

    private EventFate OfHistory(TimelineEvent at)
    {
        TimelineRun? around = _key.Rows.FirstOrDefault(run => !run.IsMarked
            && _sources.Position(run.Start).SequenceCompareTo(_sources.Position(at)) <= 0
            && (run.End is not { } end || _sources.Position(at).SequenceCompareTo(_sources.Position(end)) < 0));
        if (_effective.Contains(at) && around is not null)
        {
            return new EventFate(EventStatus.Hidden, _key.Of(around.Row.Top), ExplainRules.Run);
        }

        // Not in the history: something at its own place in time took it away, or a delete did that came later.
        List<TimelineEvent> after = [.. AfterIn(at)];
        List<TimelineEvent> sameTime = after.FindAll(e => _sources.Position(e).SequenceEqual(_sources.Position(at)));
        TimelineEvent cut = CutIn(sameTime);
        if (cut == TimelineEvent.None && sameTime.Count == 0)
        {
            cut = CutIn(after);
        }

        return cut != TimelineEvent.None ? Deleted(cut)
            : sameTime.FindLastIndex(e => !_sources.IsDelete(e)) is int last and >= 0 ? Overtaken(at, sameTime[last])
            : new EventFate(EventStatus.Overtaken, null, ExplainRules.Greatest);
    }

    private EventFate OfLatest(TimelineEvent at)
    {
        TimelineEvent cut = CutIn(AfterIn(at));
        return cut != TimelineEvent.None ? Deleted(cut)
            : _key.Rows is [var row, ..] ? Overtaken(at, row.Row.Top)
            : new EventFate(EventStatus.Overtaken, null, ExplainRules.Greatest);
    }

    private TimelineEvent CutIn(IEnumerable<TimelineEvent> events) =>
        _flow.DeleteMode == DeleteMode.Ignore ? TimelineEvent.None : events.FirstOrDefault(_sources.IsDelete, TimelineEvent.None);

    private EventFate Deleted(TimelineEvent cut) => new(
        EventStatus.Deleted, _key.Of(cut), _sources.Lists[cut.Source].Kinds[cut.Row] == EventKind.Truncate ? ExplainRules.Truncated : ExplainRules.Gone);

    private EventFate Overtaken(TimelineEvent at, TimelineEvent by)
    {
        string rule = _sources.Order(at).SequenceEqual(_sources.Order(by)) ? ExplainRules.Tie
            : _sources.Position(at).SequenceEqual(_sources.Position(by)) ? ExplainRules.SameTime
            : ExplainRules.Greatest;
        return new EventFate(EventStatus.Overtaken, _key.Of(by), rule);
    }

    private IEnumerable<TimelineEvent> AfterIn(TimelineEvent at) => _key.Timeline.Distinct.SkipWhile(e => e != at).Skip(1).Where(_sources.IsOrdered);
}
