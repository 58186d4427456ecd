namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>What the events of a key say of a group of columns (semantics 2.36): each cell by the group's own clock, whatever is deleted.</summary>
internal static class GroupCells
{
    /// <summary>The row with the cells of the group in it.</summary>
    public static object?[] In(object?[] row, Layout layout, ColumnGroup group, IEnumerable<Event> events, EventOrder order)
    {
        Event[] authors = [.. events.Where(e => !e.IsCut && HasClock(e, group)).Order(Comparer<Event>.Create(ByClock))];
        object?[] shown = [.. row];
        foreach (int column in group.Sequence.Concat(group.Columns))
        {
            shown[layout.FirstValue + column] = authors.LastOrDefault(e => e.Values[column] is not Unset)?.Values[column];
        }

        return shown;

        int ByClock(Event x, Event y)
        {
            int byClock = Canonical.Compare(Clock(x), Clock(y));
            return byClock != 0 ? byClock : order.CompareAtOnePlace(x, y);
        }

        object?[] Clock(Event e) => [.. group.Sequence.Select(c => e.Values[c])];
    }

    /// <summary>True when the event has a place in the order of the group.</summary>
    public static bool HasClock(Event e, ColumnGroup group) => group.Sequence.All(c => e.Values[c] is not (null or Unset));
}
