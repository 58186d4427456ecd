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
            timeline.Take(timeline.PositionOf(events[0]), PositionFold.Of(events));
        }

        return layout.AllVersions ? timeline.WithLatestUntracked() : timeline._periods;
    }

    private object?[] PositionOf(Event e) => e.Order[.._layout.PositionWidth];

    private void Take(object?[] position, PositionFold fold)
    {
        bool isSoft = _layout.Deletes == DeleteRule.Soft;
        if (isSoft && fold is { Merged: null, Cleared: { } cleared })
        {
            ShowCleared(position, cleared, fold.ClearedAfterCut);
        }
        else if (fold.IsCut)
        {
            Cut(position, marks: isSoft && fold.Merged is null);
        }

        if (fold.Merged is { } merged)
        {
            Show(position, Inherit(merged));
        }
    }

    /// <summary>Cells that are not set take the values of the row before in the same life.</summary>
    private object?[] Inherit(object?[] row) => [.. PositionFold.Over(_lastOfLife ?? row, row).Select(cell => cell is Unset ? null : cell)];

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

    /// <summary>A row that is deleted where it begins is not shown, but it is the last that was known of its key, and is marked.</summary>
    private void ShowCleared(object?[] position, object?[] cleared, bool afterCut)
    {
        _lastOfLife = afterCut ? null : _lastOfLife;
        object?[] row = Inherit(cleared);
        _lastOfLife = null;
        End(position);
        _periods.Add(new Period(row, position, null, IsDeleted: true));
    }

    private void End(object?[] position)
    {
        if (_periods is [.., { IsCurrent: true } open])
        {
            _periods[^1] = open with { End = position };
        }
    }

    private void Show(object?[] position, object?[] row)
    {
        _lastOfLife = row;
        if (_periods is [.., { IsCurrent: true, IsDeleted: false } open] && SameTracked(open.Row, row))
        {
            _periods[^1] = open with { Row = row };
        }
        else
        {
            End(position);
            _periods.Add(new Period(row, position, null));
        }
    }

    private bool SameTracked(object?[] left, object?[] right) =>
        !_layout.Tracked.Where((tracked, i) => tracked && Canonical.Compare(left[_layout.FirstValue + i], right[_layout.FirstValue + i]) != 0).Any();

    private IReadOnlyList<Period> WithLatestUntracked() =>
        [.. _periods.Select(p => p with { Row = [.. p.Row.Select((cell, i) => IsUntracked(i) ? _periods[^1].Row[i] : cell)] })];

    private bool IsUntracked(int column) => column >= _layout.FirstValue && !_layout.Tracked[column - _layout.FirstValue];
}
