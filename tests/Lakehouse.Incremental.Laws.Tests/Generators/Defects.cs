using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Events of a history with something missing or wrong, most of which cannot be merged.</summary>
internal static class Defects
{
    private const int Kinds = 5;

    private const int Many = 100;

    public static Gen<Event[]> Of(History history) =>
        (from e in Gen.Int[0, history.Events.Length - 1]
         from kinds in Gen.Int[0, Kinds - 1].Array[1, 2]
         from column in Gen.Int[0, Many]
         select kinds.Aggregate(history.Events[e], (damaged, kind) => With(kind, damaged, history, column))).Array[1, 4];

    private static Event With(int kind, Event e, History history, int column) => kind switch
    {
        0 => e with { Key = Replace(e.Key, column, null) },
        1 => e with { Order = Replace(e.Order, column, null) },
        2 => WithNaN(e, history.Layout),
        3 => history.Wire.Codes ? e with { Kind = EventKind.Unknown } : e,
        _ => history.Layout.ChangesKeys ? e with { FormerKey = history.Events[column % history.Events.Length].Key } : e,
    };

    private static Event WithNaN(Event e, Layout layout)
    {
        int column = Array.FindIndex(layout.Order, c => c.Type is ColumnType.Double or ColumnType.Float);
        return column < 0 ? e : e with { Order = Replace(e.Order, column, layout.Order[column].Type == ColumnType.Double ? (object)double.NaN : float.NaN) };
    }

    private static object?[] Replace(object?[] values, int at, object? value) => [.. values.Select((v, i) => i == at % values.Length ? value : v)];
}
