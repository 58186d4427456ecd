namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>
/// What the rules say a set of events comes to: slow, plain, and without any code of the engines. It looks at the whole set at once and knows
/// nothing of batches.
/// </summary>
internal sealed class ReferenceModel(Layout layout, Func<Event, UInt128> digest)
{
    private readonly EventOrder _order = new(digest);

    /// <summary>The latest rows (type 1): of each key its greatest event, unless that is a delete.</summary>
    public IReadOnlyList<object?[]> Latest(IEnumerable<Event> events) =>
        [.. ByKey(events).Select(ofKey => ofKey.Order(_order).Last()).Where(e => !e.IsDelete).Select(e => e.Row)];

    /// <summary>The history (type 2), by the steps of semantics 2.14.</summary>
    public IReadOnlyList<Period> History(IEnumerable<Event> events) => [.. ByKey(events).SelectMany(ofKey => Timeline(Fold(ofKey)))];

    private static IEnumerable<List<Event>> ByKey(IEnumerable<Event> events) => Grouped(events, e => e.Key);

    private static List<List<Event>> Grouped(IEnumerable<Event> events, Func<Event, object?[]> by)
    {
        List<List<Event>> groups = [];
        foreach (Event e in events)
        {
            List<Event>? group = groups.Find(g => Canonical.Equal(by(g[0]), by(e)));
            if (group is null)
            {
                groups.Add(group = []);
            }

            group.Add(e);
        }

        return groups;
    }

    /// <summary>Step 1: at each sequence at most one delete, then at most one upsert.</summary>
    private List<Event> Fold(List<Event> ofKey)
    {
        List<Event> folded = [];
        foreach (List<Event> atOneSequence in Grouped(ofKey.Order(_order), e => e.Sequence))
        {
            folded.AddRange(atOneSequence.Where(e => e.IsDelete).Take(1));
            folded.AddRange(atOneSequence.Where(e => !e.IsDelete).TakeLast(1));
        }

        return folded;
    }

    /// <summary>Steps 2 to 6: lives end at deletes; inside a life, neighbours that agree on the tracked columns are one period.</summary>
    private List<Period> Timeline(List<Event> folded)
    {
        List<Period> periods = [];
        foreach (Event e in folded)
        {
            Period? open = periods is [.., { IsCurrent: true } last] ? last : null;
            if (e.IsDelete)
            {
                ReplaceLast(open, o => o with { End = e.Sequence });
            }
            else if (open is not null && SameTracked(open.Row, e.Row))
            {
                ReplaceLast(open, o => o with { Row = e.Row });
            }
            else
            {
                ReplaceLast(open, o => o with { End = e.Sequence });
                periods.Add(new Period(e.Row, e.Sequence, null));
            }
        }

        return [.. periods.Where(p => p.End is null || Canonical.Compare(p.Start, p.End) != 0)];

        void ReplaceLast(Period? open, Func<Period, Period> change)
        {
            if (open is not null)
            {
                periods[^1] = change(open);
            }
        }
    }

    private bool SameTracked(object?[] left, object?[] right)
    {
        int firstValue = layout.Keys.Length + layout.Sequence.Length;
        return !layout.Tracked.Where((tracked, i) => tracked && Canonical.Compare(left[firstValue + i], right[firstValue + i]) != 0).Any();
    }
}
