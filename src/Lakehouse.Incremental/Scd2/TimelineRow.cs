namespace Lakehouse.Incremental.Scd2;

/// <summary>A row put together from events.</summary>
/// <param name="Top">The greatest of them: key and sequence are its.</param>
/// <param name="Cells">The author of each cell, by the positions of the layout's other columns; null when all are of <paramref name="Top"/>.</param>
internal readonly record struct TimelineRow(TimelineEvent Top, TimelineEvent[]? Cells)
{
    public TimelineEvent Author(int cell) => Cells is null ? Top : Cells[cell];

    /// <summary>The events that the row is made of, each once.</summary>
    public IEnumerable<TimelineEvent> Authors => Cells is null ? [Top] : Cells.Where(static c => c != TimelineEvent.None).Append(Top).Distinct();
}
