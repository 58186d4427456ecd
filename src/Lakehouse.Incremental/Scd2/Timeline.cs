using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Scd2;

/// <summary>
/// The canonical timeline of one key (semantics 2.14): at each position at most one cut, then at most one row put together from the events there; a cut ends
/// a life; in a life a cell that is not set keeps its value; rows that agree on the tracked columns form one run. Type 1 shows its last run.
/// </summary>
internal sealed class Timeline
{
    private readonly EventSources _sources;
    private readonly MergeConfiguration _flow;
    private TimelineRun? _open;
    private TimelineRow? _previous;

    private readonly Func<TimelineEvent, TimelineRow?>? _former;

    /// <param name="sources">Where events are.</param>
    /// <param name="flow">The rules.</param>
    /// <param name="former">For an event that changes a key the row of the former key just before; null where keys do not change.</param>
    public Timeline(EventSources sources, MergeConfiguration flow, Func<TimelineEvent, TimelineRow?>? former = null) => (_sources, _flow, _former) = (sources, flow, former);

    /// <summary>The rows of the key, by start.</summary>
    public List<TimelineRun> Runs { get; } = [];

    /// <summary>The events that decide something at their position; the others have been overtaken there.</summary>
    public List<TimelineEvent> Effective { get; } = [];

    /// <summary>The events in ORDER, each once.</summary>
    public List<TimelineEvent> Distinct { get; } = [];

    /// <summary>Events equal to one that was there before them.</summary>
    public List<TimelineEvent> Repeated { get; } = [];

    /// <summary>Pairs of different events at one place in the order of which at least one is new.</summary>
    public List<TimelineEvent> NewTies { get; } = [];

    /// <summary>The last row of the last life, shown or not; null when there was none.</summary>
    public TimelineRow? Last { get; private set; }

    /// <summary>The cut that the last life began after; null when it is the first.</summary>
    public TimelineEvent? Floor { get; private set; }

    /// <summary>The cuts after the last row.</summary>
    public List<TimelineEvent> Trailing { get; } = [];

    /// <summary>What the groups of columns with clocks of their own hold.</summary>
    public IReadOnlyList<GroupCells> Groups { get; private set; } = [];

    /// <summary>Builds the timeline of the events of another key, in any order; the list is sorted in place. One instance serves many keys, to spare memory.</summary>
    public void Build(List<TimelineEvent> events)
    {
        Runs.Clear();
        Effective.Clear();
        Distinct.Clear();
        Repeated.Clear();
        NewTies.Clear();
        Trailing.Clear();
        (_open, _previous, Last, Floor) = (null, null, null, null);
        events.Sort(_sources);
        DropRepeated(events);
        Walk();
        ShowGroups();
    }

    private void DropRepeated(List<TimelineEvent> sorted)
    {
        foreach (TimelineEvent e in sorted)
        {
            if (Distinct.Count > 0)
            {
                TimelineEvent previous = Distinct[^1];
                if (_sources.CompareOrder(previous, e) == 0)
                {
                    Repeated.Add(e);
                    continue;
                }

                if ((e.IsNew || previous.IsNew) && _sources.IsOrdered(e) && _sources.Order(previous).SequenceEqual(_sources.Order(e)))
                {
                    NewTies.Add(e);
                }
            }

            Distinct.Add(e);
        }
    }

    private void Walk()
    {
        List<TimelineEvent> main = _sources.Layout.Groups.Count == 0 ? Distinct : [.. Distinct.Where(_sources.IsOrdered)];
        for (int start = 0, end; start < main.Count; start = end)
        {
            end = start + 1;
            while (end < main.Count && _sources.Position(main[end]).SequenceEqual(_sources.Position(main[start])))
            {
                end++;
            }

            Show(Fold(main, start, end));
        }

        if (_open is not null)
        {
            Runs.Add(_open);
        }

        if (_flow.UntrackedScope == UntrackedScope.AllVersions && Runs.Count > 1)
        {
            ShowLatestUntracked();
        }
    }

    private void AddEffective(TimelineRow row)
    {
        if (row.Cells is null)
        {
            Effective.Add(row.Top);
        }
        else
        {
            Effective.AddRange(row.Authors);
        }
    }

    /// <summary>What the events of one position come to: a delete clears, an upsert lays the cells it sets over those before.</summary>
    private TimelinePosition Fold(List<TimelineEvent> events, int start, int end)
    {
        TimelinePosition folded = default;
        for (int i = start; i < end; i++)
        {
            TimelineEvent e = events[i];
            if (!_sources.IsDelete(e))
            {
                folded = folded with { Row = Overlay(folded.Row, e) };
            }
            else if (_flow.DeleteMode != DeleteMode.Ignore)
            {
                if (_flow.DeleteMode == DeleteMode.Soft)
                {
                    Effective.Add(e);
                }

                folded = folded.Row is { } cleared
                    ? new TimelinePosition(cleared, folded.Cut, e, null)
                    : folded with { Cut = e };
            }
        }

        return folded;
    }

    private TimelineRow Overlay(TimelineRow? below, TimelineEvent e)
    {
        bool changesKey = _former is not null && _sources.ChangesKey(e);
        if (changesKey)
        {
            // It decides, too, about cells whose author is an event of the former key, and about columns that the table does not have yet.
            Effective.Add(e);
        }

        if (_sources.IsWhole(e))
        {
            return new TimelineRow(e, null);
        }

        // Of a new key the event itself says null where the former one shows nothing: what the new key was before is another row.
        TimelineRow? source = changesKey ? _former!(e) : below;
        TimelineEvent[] cells = new TimelineEvent[_sources.CellColumns.Length];
        for (int cell = 0; cell < cells.Length; cell++)
        {
            TimelineEvent author = _sources.Sets(e, cell) ? e : source?.Author(cell) ?? TimelineEvent.None;
            cells[cell] = changesKey && author == TimelineEvent.None ? e : author;
        }

        return new TimelineRow(e, cells);
    }

    /// <summary>Gives the cells that nobody set at the position the values they had before in this life.</summary>
    private TimelineRow Inherit(TimelineRow row)
    {
        if (_previous is { } previous && row.Cells is { } cells)
        {
            row = row with { Cells = [.. cells.Select((author, cell) => author == TimelineEvent.None ? previous.Author(cell) : author)] };
        }

        _previous = row;
        return row;
    }

    private void Show(TimelinePosition position)
    {
        if (position.Cut is { } cut)
        {
            if (_flow.DeleteMode == DeleteMode.Soft && position is { Cleared: { } cleared, Row: null })
            {
                ShowCleared(cleared, position.CutBefore, cut);
            }
            else
            {
                Cut(cut, opensMark: position.Row is null);
            }
        }

        if (position.Row is { } row)
        {
            AddEffective(row);
            Show(Inherit(row));
        }
    }

    /// <summary>A row that a delete clears where it begins has no width, but it is the last that was known of the key.</summary>
    private void ShowCleared(TimelineRow cleared, TimelineEvent? cutBefore, TimelineEvent cut)
    {
        if (cutBefore is { } before)
        {
            Cut(before, opensMark: false);
        }

        AddEffective(cleared);
        TimelineRow row = Inherit(cleared);
        Reach(row);
        Close(row.Top);
        Cut(cut, opensMark: false);
        _open = new TimelineRun(cut, row, null, IsMarked: true);
    }

    private void Cut(TimelineEvent cut, bool opensMark)
    {
        Effective.Add(cut);
        Trailing.Add(cut);
        _previous = null;
        if (_open is { IsMarked: false } ended)
        {
            Close(cut);
            _open = opensMark && _flow.DeleteMode == DeleteMode.Soft ? new TimelineRun(cut, ended.Row, null, IsMarked: true) : null;
        }
    }

    private void Show(TimelineRow row)
    {
        Reach(row);
        if (_open is { IsMarked: false } run && _sources.SameTracked(run.Row, row))
        {
            _open = run with { Row = row };
            return;
        }

        Close(row.Top);
        _open = new TimelineRun(row.Top, row, null, IsMarked: false);
    }

    private void Reach(TimelineRow row)
    {
        if (Trailing.Count > 0)
        {
            Floor = Trailing[^1];
            Trailing.Clear();
        }

        Last = row;
    }

    private void Close(TimelineEvent end)
    {
        if (_open is not null)
        {
            Runs.Add(_open with { End = end });
            _open = null;
        }
    }

    private void ShowGroups()
    {
        if (_sources.Layout.Groups.Count == 0)
        {
            return;
        }

        Groups = [.. Enumerable.Range(0, _sources.Layout.Groups.Count).Select(group => new GroupCells(Distinct, _sources, group))];
        if (Runs.Count > 0)
        {
            TimelineRow row = Runs[^1].Row;
            TimelineEvent[] cells = [.. _sources.CellColumns.Select((_, cell) => row.Author(cell))];
            foreach (GroupCells group in Groups)
            {
                foreach (int cell in group.Cells)
                {
                    cells[cell] = group.Author(cell);
                }
            }

            Runs[^1] = Runs[^1] with { Row = row with { Cells = cells } };
        }
    }

    private void ShowLatestUntracked()
    {
        TimelineRow latest = Runs[^1].Row;
        bool[] untracked = [.. _sources.CellColumns.Select(column => !_sources.Layout.Tracked.Contains(column))];
        for (int i = 0; i < Runs.Count - 1; i++)
        {
            TimelineRow row = Runs[i].Row;
            TimelineEvent[] cells = [.. untracked.Select((isLatest, cell) => (isLatest ? latest : row).Author(cell))];
            Runs[i] = Runs[i] with { Row = row with { Cells = cells } };
        }
    }
}
