namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>
/// What the rules say a set of events comes to: slow, plain, and without any code of the engines. It looks at the whole set at once and knows
/// nothing of batches.
/// </summary>
/// <param name="layout">Columns and rules.</param>
/// <param name="digest">Decides ties; of events in which ignored nulls are unset.</param>
internal sealed class ReferenceModel(Layout layout, Func<Event, (UInt128 Cells, UInt128 Former)> digest)
{
    private readonly EventOrder _order = new(layout, digest);

    /// <summary>The latest rows (type 1): what is open at the end of each key's history, with the cells of groups by their own clocks.</summary>
    public IReadOnlyList<LatestRow> Latest(IEnumerable<Event> events)
    {
        List<LatestRow> rows = [];
        KeyedEvents all = new(layout, _order, events);
        foreach (object?[] key in all.Keys)
        {
            if (all.Timeline(key).LastOrDefault() is { IsCurrent: true } open)
            {
                object?[] row = layout.Groups.Aggregate(open.Row, (r, group) => GroupCells.In(r, layout, group, all.Of(key), _order));
                rows.Add(new LatestRow(row, open.IsDeleted ? open.Start : null));
            }
        }

        return rows;
    }

    /// <summary>The history (type 2).</summary>
    public IReadOnlyList<Period> History(IEnumerable<Event> events)
    {
        KeyedEvents all = new(layout, _order, events);
        return [.. all.Keys.SelectMany(key => all.Timeline(key))];
    }
}
