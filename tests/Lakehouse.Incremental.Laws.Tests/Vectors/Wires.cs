using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>The ways in which the events of a vector can be written down.</summary>
internal static class Wires
{
    public static IEnumerable<Wire> For(GoldenVector vector)
    {
        bool hasUnset = Array.Exists(vector.Events, e => Array.Exists(e.Values, v => v is Unset));
        return hasUnset
            ? Enum.GetValues<Presence>().Where(p => CanTell(vector, p)).Select(p => new Wire(p) { Codes = p == Presence.List, FillsUnset = true })
            : [new Wire(vector.Layout.IgnoreNulls.Length > 0 ? Presence.Nulls : Presence.Whole)];
    }

    private static bool CanTell(GoldenVector vector, Presence presence) => presence switch
    {
        Presence.List or Presence.Absent => true,
        Presence.Marker => Array.TrueForAll(vector.Events, e => !e.Values.Where((v, i) => v is Unset && vector.Layout.Values[i].Type != ColumnType.Text).Any()),
        _ => false,
    };
}
