namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>
/// What the rules say a set of events comes to: slow, plain, and without any code of the engines. It looks at the whole set at once and knows
/// nothing of batches.
/// </summary>
/// <param name="layout">Columns and rules.</param>
/// <param name="digest">Decides ties; of events in which ignored nulls are unset.</param>
internal sealed class ReferenceModel(Layout layout, Func<Event, UInt128> digest)
{
    private readonly EventOrder _order = new(layout, digest);

    /// <summary>The latest rows (type 1): what is open at the end of each key's history, with the cells of groups by their own clocks.</summary>
    public IReadOnlyList<LatestRow> Latest(IEnumerable<Event> events)
    {
        List<LatestRow> rows = [];
        foreach (IReadOnlyList<Event> ofKey in ByKey(events))
        {
            if (Timeline(ofKey).LastOrDefault() is { IsCurrent: true } open)
            {
                object?[] row = layout.Groups.Aggregate(open.Row, (r, group) => GroupCells.In(r, layout, group, ofKey, _order));
                rows.Add(new LatestRow(row, open.IsDeleted ? open.Start : null));
            }
        }

        return rows;
    }

    /// <summary>The history (type 2).</summary>
    public IReadOnlyList<Period> History(IEnumerable<Event> events) => [.. ByKey(events).SelectMany(Timeline)];

    /// <summary>For each key all events that concern it: its own and the truncates.</summary>
    private IEnumerable<IReadOnlyList<Event>> ByKey(IEnumerable<Event> events)
    {
        Event[] all = [.. events.Select(WithoutIgnoredNulls)];
        Event[] truncates = [.. all.Where(e => e.Kind == EventKind.Truncate)];
        return Grouping.By(all.Where(e => e.Kind != EventKind.Truncate), e => e.Key)
            .Select(ofKey => (IReadOnlyList<Event>)[.. ofKey, .. truncates]);
    }

    /// <summary>An event that has no place in the main order speaks only of groups.</summary>
    private IReadOnlyList<Period> Timeline(IReadOnlyList<Event> ofKey) =>
        KeyTimeline.Of(layout, ofKey.Where(e => !e.Order.Contains(null)).Order(_order));

    private Event WithoutIgnoredNulls(Event e) =>
        e with { Values = [.. e.Values.Select((cell, i) => cell is null && layout.IgnoreNulls.Contains(i) ? Unset.Cell : cell)] };
}
