using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Histories of few keys, places and values: ties, late events, deletes, re-inserts, corrections and unchanged rows are the rule.</summary>
internal static class Histories
{
    private const int MaxEvents = 14;

    /// <summary>Histories that mean the same to both types.</summary>
    public static Gen<History> OfBothTypes { get; } = Of(Layouts.OfBothTypes);

    public static Gen<History> OfType1 { get; } = Of(Layouts.OfType1);

    public static Gen<History> OfType2 { get; } = Of(Layouts.OfType2, partialChanges: true);

    /// <summary>Of type 2, with keys that become others.</summary>
    public static Gen<History> OfChangingKeys { get; } = Of(Layouts.OfType2.Select(layout => layout with { ChangesKeys = true }), partialChanges: true);

    public static Gen<History> Any { get; } = Gen.Bool.SelectMany(isHistory => isHistory ? OfType2 : OfType1);

    /// <param name="layouts">Columns and rules.</param>
    /// <param name="partialChanges">Events that change a key need not tell the whole row. Type 1 cannot know the rest of it.</param>
    private static Gen<History> Of(Gen<Layout> layouts, bool partialChanges = false) =>
        from layout in layouts
        from presence in PresenceOf(layout)
        from wire in Wire.Of(presence)
        from late in Gen.Int[0, layout.Values.Length * 3]
        from ruled in WithIgnoredNulls(layout, presence)
        from events in Events.Of(ruled, presence, MaxEvents)
        select new History(
            ruled,
            wire with { LateValue = presence == Presence.Absent && MayBeLate(ruled, late) ? late : null },
            [.. events.Select(e => partialChanges ? e : WithWholeChange(ruled, e))]);

    private static Event WithWholeChange(Layout layout, Event e) =>
        e.IsWhole && !Array.Exists(layout.IgnoreNulls, i => e.Values[i] is null) ? e : e with { FormerKey = null };

    private static Gen<Presence> PresenceOf(Layout layout)
    {
        bool hasTexts = layout.Values.Any(v => v.Type is ColumnType.Text or ColumnType.Binary);
        Presence[] fit = [.. Enum.GetValues<Presence>().Where(p => p != Presence.Marker || hasTexts)];
        return Gen.Int[0, fit.Length - 1].Select(i => fit[i]);
    }

    private static Gen<Layout> WithIgnoredNulls(Layout layout, Presence presence) => presence != Presence.Nulls
        ? Gen.Const(layout)
        : Gen.Bool.Array[layout.Values.Length].Select(on => layout with { IgnoreNulls = [.. Ignorable(layout).Where(i => on[i])] });

    /// <summary>The clocks of groups are not among them: a null there means the same, ignored or not.</summary>
    private static IEnumerable<int> Ignorable(Layout layout) =>
        Enumerable.Range(0, layout.Values.Length).Where(i => !Array.Exists(layout.Groups, g => g.Sequence.Contains(i)));

    private static bool MayBeLate(Layout layout, int value) =>
        value < layout.Values.Length && layout.Values.Length > 1 && !Array.Exists(layout.Groups, g => g.Sequence.Contains(value) || g.Columns.Contains(value));
}
