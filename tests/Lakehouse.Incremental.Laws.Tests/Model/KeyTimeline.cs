namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>The history of one key, by the steps of semantics 2.14.</summary>
internal sealed class KeyTimeline
{
    private readonly Layout _layout;
    private readonly List<Period> _periods = [];
    private object?[]? _lastOfLife;

    private KeyTimeline(Layout layout) => _layout = layout;

    /// <param name="layout">Columns and rules.</param>
    /// <param name="ordered">All events that concern the key, by rule ORDER.</param>
    public static IReadOnlyList<Period> Of(Layout layout, IEnumerable<Event> ordered)
    {
        KeyTimeline timeline = new(layout);
        IEnumerable<Event> counted = layout.Deletes == DeleteRule.Ignore ? ordered.Where(e => !e.IsCut) : ordered;
        foreach (List<Event> events in Grouping.By(counted, timeline.PositionOf))
        {
            timeline.Take(timeline.PositionOf(events[0]), events);
        }

        return layout.AllVersions ? timeline.WithLatestUntracked() : timeline._periods;
    }

    private object?[] PositionOf(Event e) => e.Order[.._layout.PositionWidth];

    /// <summary>What the events of one position come to: a cut clears what was merged, others lay the cells they set over it.</summary>
    private void Take(object?[] position, List<Event> events)
    {
        bool cut = false;
        object?[]? merged = null;
        foreach (Event e in events)
        {
            cut |= e.IsCut;
            merged = e.IsCut ? null : merged is null ? e.Row : Over(merged, e.Row);
        }

        if (cut)
        {
            Cut(position, marks: _layout.Deletes == DeleteRule.Soft && merged is null);
        }

        if (merged is not null)
        {
            Show(position, [.. Over(_lastOfLife ?? merged, merged).Select(cell => cell is Unset ? null : cell)]);
        }
    }

    private static object?[] Over(object?[] below, object?[] row) => [.. below.Zip(row, (b, r) => r is Unset ? b : r)];

    private void Cut(object?[] position, bool marks)
    {
        _lastOfLife = null;
        if (_periods is [.., { IsCurrent: true, IsDeleted: false } open])
        {
            _periods[^1] = open with { End = position };
            if (marks)
            {
                _periods.Add(new Period(open.Row, position, null, IsDeleted: true));
            }
        }
    }

    private void Show(object?[] position, object?[] row)
    {
        _lastOfLife = row;
        if (_periods is [.., { IsCurrent: true } open])
        {
            if (!open.IsDeleted && SameTracked(open.Row, row))
            {
                _periods[^1] = open with { Row = row };
                return;
            }

            _periods[^1] = open with { End = position };
        }

        _periods.Add(new Period(row, position, null));
    }

    private bool SameTracked(object?[] left, object?[] right) =>
        !_layout.Tracked.Where((tracked, i) => tracked && Canonical.Compare(left[_layout.FirstValue + i], right[_layout.FirstValue + i]) != 0).Any();

    private IReadOnlyList<Period> WithLatestUntracked() =>
        [.. _periods.Select(p => p with { Row = [.. p.Row.Select((cell, i) => IsUntracked(i) ? _periods[^1].Row[i] : cell)] })];

    private bool IsUntracked(int column) => column >= _layout.FirstValue && !_layout.Tracked[column - _layout.FirstValue];
}
