using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>Which events cannot be merged, and why (semantics 2.8, 2.9, 2.32).</summary>
internal static class InvalidEvent
{
    /// <summary>The first reason and the column it is about; null for a valid event.</summary>
    /// <param name="layout">Columns and rules.</param>
    /// <param name="isHistory">A history can know what an event that changes a key does not tell; type 1 cannot.</param>
    /// <param name="e">The event.</param>
    public static (string Code, string Column)? ReasonOf(Layout layout, bool isHistory, Event e)
    {
        if (e.Kind == EventKind.Unknown)
        {
            return (ErrorCodes.UnknownOperation, "op");
        }

        int nullKey = e.Kind == EventKind.Truncate ? -1 : Array.IndexOf(e.Key, null);
        string? nullOrder = SpeaksOfGroupsOnly(layout, e) ? null : NullPlace(layout, e);
        (Column Column, object? Value)[] clocks = [.. layout.Order.Zip(e.Order), .. layout.Groups.SelectMany(g => g.Sequence).Select(i => (layout.Values[i], e.Values[i]))];
        string? notANumber = clocks.FirstOrDefault(c => c.Value is double.NaN or float.NaN).Column is { } clock ? layout.PathOf(clock) : null;
        return nullKey >= 0 ? (ErrorCodes.NullKey, layout.Keys[nullKey].Name)
            : nullOrder is not null ? (ErrorCodes.NullSequence, nullOrder)
            : notANumber is not null ? (ErrorCodes.NonOrderableSequence, notANumber)
            : !isHistory && e.ChangesKey && !IsTold(layout, e) ? (ErrorCodes.IncompleteKeyChange, layout.Keys[0].Name)
            : null;
    }

    /// <summary>Which part of the order is null and may not be. A sequence of nothing but nulls is null itself, and so is a struct of them.</summary>
    private static string? NullPlace(Layout layout, Event e)
    {
        string sequence = layout.StructSequence ? Layout.SequenceStruct : layout.Sequence[0].Name;
        bool isEmpty = Array.TrueForAll(e.Order[layout.Effective.Length..], static part => part is null);
        int wrong = Enumerable.Range(0, e.Order.Length).FirstOrDefault(i => e.Order[i] is null && !layout.MayBeNull(i), -1);
        return wrong < 0 ? (isEmpty ? sequence : null)
            : isEmpty && wrong >= layout.Effective.Length && layout.StructSequence ? sequence
            : layout.PathOf(layout.Order[wrong]);
    }

    private static bool SpeaksOfGroupsOnly(Layout layout, Event e) =>
        !e.IsCut && Array.TrueForAll(e.Order, part => part is null) && Array.Exists(layout.Groups, g => GroupCells.HasClock(e, g));

    private static bool IsTold(Layout layout, Event e) => e.IsWhole && !Array.Exists(layout.IgnoreNulls, i => e.Values[i] is null);
}
