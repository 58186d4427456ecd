namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>The events of a set by the keys they concern. One that changes a key is two: a delete of the former key, and an upsert of the new one.</summary>
internal sealed class KeyedEvents
{
    private readonly Layout _layout;
    private readonly EventOrder _order;
    private readonly Event[] _truncates;
    private readonly List<List<Event>> _byKey;

    public KeyedEvents(Layout layout, EventOrder order, IEnumerable<Event> events)
    {
        Event[] all = [.. events.Select(e => WithoutIgnoredNulls(layout, e)).SelectMany(Parts)];
        (_layout, _order) = (layout, order);
        _truncates = [.. all.Where(e => e.Kind == EventKind.Truncate)];
        _byKey = Grouping.By(all.Where(e => e.Kind != EventKind.Truncate), e => e.Key);
    }

    public IEnumerable<object?[]> Keys => _byKey.Select(ofKey => ofKey[0].Key);

    /// <summary>All events that concern a key: its own and the truncates.</summary>
    public IReadOnlyList<Event> Of(object?[] key) => [.. _byKey.Find(ofKey => Canonical.Equal(ofKey[0].Key, key)) ?? [], .. _truncates];

    /// <summary>The history of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="before">Only what is before this position counts; null counts all.</param>
    public IReadOnlyList<Period> Timeline(object?[] key, object?[]? before = null)
    {
        // An event that has no place in the main order speaks only of groups.
        IEnumerable<Event> counted = Of(key).Where(e => _layout.HasPlace(e) && (before is null || Canonical.Compare(Position(e), before) < 0));
        return KeyTimeline.Of(_layout, counted.Order(_order).Select(WithFormerCells));
    }

    private static Event WithoutIgnoredNulls(Layout layout, Event e) =>
        e with { Values = [.. e.Values.Select((cell, i) => cell is null && layout.IgnoreNulls.Contains(i) ? Unset.Cell : cell)] };

    private static IEnumerable<Event> Parts(Event e) => e.ChangesKey ? [Event.Delete(e.FormerKey!, e.Order, e.Values), e] : [e];

    /// <summary>The cells that a change of a key does not set are those which the former key showed just before; null where it showed nothing (semantics 2.32).</summary>
    private Event WithFormerCells(Event e)
    {
        if (!e.ChangesKey || e.IsWhole)
        {
            return e;
        }

        object?[]? former = Timeline(e.FormerKey!, Position(e)) is [.., { IsCurrent: true, IsDeleted: false } open] ? open.Row[_layout.FirstValue..] : null;
        return e with { Values = [.. e.Values.Select((cell, i) => cell is Unset ? former?[i] : cell)] };
    }

    private object?[] Position(Event e) => e.Order[.._layout.PositionWidth];
}
