namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>
/// Rule ORDER (semantics 2.0) for the events of one key: sequence, then delete before upsert, then a digest that decides between different upserts at
/// one sequence. Which digest is for the product to say; that there is one, and that it does not depend on arrival, is the rule.
/// </summary>
internal sealed class EventOrder(Func<Event, UInt128> digest) : IComparer<Event>
{
    public int Compare(Event? x, Event? y)
    {
        int bySequence = Canonical.Compare(x!.Sequence, y!.Sequence);
        if (bySequence != 0)
        {
            return bySequence;
        }

        if (x.IsDelete || y.IsDelete)
        {
            return y.IsDelete.CompareTo(x.IsDelete);
        }

        return Canonical.Equal(x.Row, y.Row) ? 0 : digest(x).CompareTo(digest(y));
    }
}
