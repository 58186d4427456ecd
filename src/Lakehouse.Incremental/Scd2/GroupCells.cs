namespace Lakehouse.Incremental.Scd2;

/// <summary>What the events of a key say of the columns of a sequence group: each cell has the value of the greatest event that sets it, by the group's clock.</summary>
internal sealed class GroupCells
{
    private readonly Dictionary<int, TimelineEvent> _authors = [];

    /// <param name="events">The events of the key in ORDER.</param>
    /// <param name="sources">Where they are.</param>
    /// <param name="group">Number of the group.</param>
    public GroupCells(IEnumerable<TimelineEvent> events, EventSources sources, int group)
    {
        int[] sequence = sources.Layout.Groups[group].Sequence;
        int[] columns = [.. sequence, .. sources.Layout.Groups[group].Columns];
        Cells = [.. columns.Select(column => System.Array.IndexOf(sources.CellColumns, column))];
        int[] clock = [.. sequence.Select(column => System.Array.IndexOf(sources.CellColumns, column))];
        List<TimelineEvent> authors = [.. events.Where(e => !sources.IsDelete(e) && System.Array.TrueForAll(clock, cell => sources.Sets(e, cell) && !sources.IsNull(e, cell)))];
        authors.Sort((x, y) => sources.GroupOrder(x, group).SequenceCompareTo(sources.GroupOrder(y, group)) is int order and not 0
            ? order : sources.CompareIdentity(x, y));
        foreach (TimelineEvent e in authors)
        {
            foreach (int cell in Cells.Where(cell => sources.Sets(e, cell)))
            {
                _authors[cell] = e;
            }
        }
    }

    /// <summary>The cells of the group, its sequence among them.</summary>
    public int[] Cells { get; }

    public IEnumerable<TimelineEvent> Authors => _authors.Values.Distinct();

    public TimelineEvent Author(int cell) => _authors.GetValueOrDefault(cell, TimelineEvent.None);
}
