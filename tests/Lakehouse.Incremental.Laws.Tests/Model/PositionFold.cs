namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>What the events of one position come to: a cut clears what was merged, others lay the cells they set over it.</summary>
/// <param name="IsCut">There was a cut.</param>
/// <param name="Merged">What was merged since, with cells that are not set; null when nothing was.</param>
/// <param name="Cleared">What the last cut that cleared something had cleared; null when none did.</param>
/// <param name="ClearedAfterCut">That had been merged since another cut.</param>
internal sealed record PositionFold(bool IsCut, object?[]? Merged, object?[]? Cleared, bool ClearedAfterCut)
{
    /// <summary>Folds events in rule ORDER.</summary>
    public static PositionFold Of(IEnumerable<Event> events)
    {
        PositionFold fold = new(false, null, null, false);
        foreach (Event e in events)
        {
            fold = !e.IsCut ? fold with { Merged = Over(fold.Merged ?? e.Row, e.Row) }
                : fold.Merged is null ? fold with { IsCut = true }
                : new PositionFold(true, null, fold.Merged, fold.IsCut);
        }

        return fold;
    }

    /// <summary>The cells of a row, and where they are not set those of the row below.</summary>
    public static object?[] Over(object?[] below, object?[] row) => [.. below.Zip(row, (b, r) => r is Unset ? b : r)];
}
