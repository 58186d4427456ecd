namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>
/// Rule ORDER (semantics 2.0) for the events of one key: place, then rank, then a digest that decides between different events of one rank. Which
/// digest is for the product to say; that there is one, and that it does not depend on arrival, is the rule. Cuts at one place are one event.
/// </summary>
internal sealed class EventOrder(Layout layout, Func<Event, (UInt128 Cells, UInt128 Former)> digest) : IComparer<Event>
{
    public int Compare(Event? x, Event? y)
    {
        int byPlace = Canonical.Compare(x!.Order, y!.Order);
        return byPlace != 0 ? byPlace : CompareAtOnePlace(x, y);
    }

    public int CompareAtOnePlace(Event x, Event y)
    {
        int byRank = Rank(x).CompareTo(Rank(y));
        return byRank != 0 || x.IsCut ? byRank : digest(x).CompareTo(digest(y));
    }

    private int Rank(Event e) => e.Kind switch
    {
        EventKind.Read => 0,
        EventKind.Upsert => layout.DeleteWinsTies ? 1 : 2,
        _ => layout.DeleteWinsTies ? 2 : 1,
    };
}
