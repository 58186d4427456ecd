using System.Globalization;

namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>
/// What the rules say a set of events comes to: slow, simple, and without any code of the engines. Only the tie between two different upserts of one key at
/// one sequence is asked of the product, since its digest is the rule (semantics 2.0).
/// </summary>
public sealed class ReferenceModel(Rules rules, Func<Event, UInt128> digest)
{
    /// <summary>The rows of an SCD type 1 table, as text.</summary>
    public SortedSet<string> Scd1(IEnumerable<Event> events)
    {
        IEnumerable<Event> last = events.GroupBy(Key).Select(g => g.Order(Order).Last());
        return [.. last.Where(e => !e.IsDelete).Select(Row)];
    }

    /// <summary>The rows of an SCD type 2 table, as text.</summary>
    public SortedSet<string> Scd2(IEnumerable<Event> events) => [.. events.GroupBy(Key).SelectMany(Timeline)];

    /// <summary>The rows of <see cref="Scd2"/> that are current, without their period.</summary>
    public static SortedSet<string> CurrentRows(IEnumerable<string> history) =>
        [.. history.Where(r => r.EndsWith(",null,true]", StringComparison.Ordinal)).Select(r => r[..r.LastIndexOf('[')])];

    /// <summary>A data row as text: equal values have equal text, whatever their bits.</summary>
    public static string Row(Event e) => string.Create(
        CultureInfo.InvariantCulture, $"{e.K1}|{e.K2}|{e.S1}|{e.S2}|{e.Name ?? "null"}|{Number(e.Price)}|{e.Amount?.ToString(CultureInfo.InvariantCulture) ?? "null"}");

    public static string Number(double? value) => value switch
    {
        null => "null",
        0 => "0",
        { } v => v.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>A place in the order of events as text.</summary>
    public string Sequence(Event e) => rules.TwoSequences ? $"{{s1: {e.S1}, s2: {e.S2}}}" : e.S1.ToString(CultureInfo.InvariantCulture);

    private Comparer<Event> Order => Comparer<Event>.Create((a, b) =>
        Compare(a.S1.CompareTo(b.S1), rules.TwoSequences ? a.S2.CompareTo(b.S2) : 0, (!a.IsDelete).CompareTo(!b.IsDelete), a.IsDelete ? 0 : digest(a).CompareTo(digest(b))));

    private static int Compare(params int[] orders) => orders.FirstOrDefault(o => o != 0);

    private string Key(Event e) => rules.TwoKeys ? $"{e.K1}\u0000{e.K2}" : e.K1;

    private IEnumerable<string> Timeline(IGrouping<string, Event> ofKey)
    {
        // At each sequence at most one delete, then at most one upsert.
        List<Event> folded = [];
        foreach (IGrouping<string, Event> at in ofKey.Order(Order).GroupBy(Sequence))
        {
            folded.AddRange(at.Where(e => e.IsDelete).Take(1));
            folded.AddRange(at.Where(e => !e.IsDelete).TakeLast(1));
        }

        Event? head = null;
        Event? last = null;
        foreach (Event e in folded)
        {
            if (head is not null && last is not null && !e.IsDelete && Tracked(last) == Tracked(e))
            {
                last = e;
                continue;
            }

            if (head is not null)
            {
                yield return $"{Row(last!)}[{Sequence(head)},{Sequence(e)},false]";
            }

            (head, last) = e.IsDelete ? (null, null) : (e, e);
        }

        if (head is not null)
        {
            yield return $"{Row(last!)}[{Sequence(head)},null,true]";
        }
    }

    /// <summary>Keys and sequence are not tracked: all other columns are, unless only the name is.</summary>
    private string Tracked(Event e)
    {
        string name = e.Name is null ? "null" : "'" + e.Name;
        string others = (rules.TwoKeys ? "" : e.K2 + "|") + (rules.TwoSequences ? "" : e.S2 + "|") + Number(e.Price) + "|" + e.Amount;
        return rules.TrackNameOnly ? name : name + "|" + others;
    }
}
