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
        int nullOrder = SpeaksOfGroupsOnly(layout, e) ? -1 : Array.IndexOf(e.Order, null);
        (Column Column, object? Value)[] clocks = [.. layout.Order.Zip(e.Order), .. layout.Groups.SelectMany(g => g.Sequence).Select(i => (layout.Values[i], e.Values[i]))];
        string? notANumber = clocks.FirstOrDefault(c => c.Value is double.NaN or float.NaN).Column?.Name;
        return nullKey >= 0 ? (ErrorCodes.NullKey, layout.Keys[nullKey].Name)
            : nullOrder >= 0 ? (ErrorCodes.NullSequence, layout.Order[nullOrder].Name)
            : notANumber is not null ? (ErrorCodes.NonOrderableSequence, notANumber)
            : !isHistory && e.ChangesKey && !IsTold(layout, e) ? (ErrorCodes.IncompleteKeyChange, layout.Keys[0].Name)
            : null;
    }

    private static bool SpeaksOfGroupsOnly(Layout layout, Event e) =>
        !e.IsCut && Array.TrueForAll(e.Order, part => part is null) && Array.Exists(layout.Groups, g => GroupCells.HasClock(e, g));

    private static bool IsTold(Layout layout, Event e) => e.IsWhole && !Array.Exists(layout.IgnoreNulls, i => e.Values[i] is null);
}
