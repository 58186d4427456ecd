namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>Events that agree on something, together, in the order in which they come.</summary>
internal static class Grouping
{
    public static List<List<Event>> By(IEnumerable<Event> events, Func<Event, object?[]> what)
    {
        List<List<Event>> groups = [];
        foreach (Event e in events)
        {
            List<Event>? group = groups.Find(g => Canonical.Equal(what(g[0]), what(e)));
            if (group is null)
            {
                groups.Add(group = []);
            }

            group.Add(e);
        }

        return groups;
    }
}
