using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Explain;

/// <summary>An event of a wanted key while the explanation is made.</summary>
/// <param name="List">The list it lies in.</param>
/// <param name="Row">Its row there.</param>
/// <param name="Knowledge">Where it is known from.</param>
internal sealed record KeyEvent(ChangeBatch List, int Row, EventKnowledge Knowledge)
{
    /// <summary>Where it was staged; null when it is not known from there.</summary>
    public StagedOrigin? Origin { get; init; }

    /// <summary>True for an event at or below the baseline that the target was not adopted with.</summary>
    public bool IsBelowBaseline { get; init; }

    /// <summary>In the timeline; null for one that takes no part there.</summary>
    public TimelineEvent? Event { get; set; }

    /// <summary>The event that it repeats.</summary>
    public KeyEvent? Repeats { get; set; }

    public int Number { get; set; }

    /// <summary>True when it would be in the timeline if it came for the first time.</summary>
    public bool TakesPart => !IsBelowBaseline && Origin is null or { IsPending: false, IsTooLate: false };

    /// <summary>ORDER; of equal events the one that takes part and was staged first comes first.</summary>
    public static int Compare(KeyEvent x, KeyEvent y)
    {
        int order = CompareOrder(x, y);
        return order != 0 ? order
            : x.TakesPart != y.TakesPart ? (x.TakesPart ? -1 : 1)
            : PlaceOf(x).CompareTo(PlaceOf(y));
    }

    public static int CompareOrder(KeyEvent x, KeyEvent y) => x.List.CompareOrder(x.Row, y.List, y.Row);

    // What is known from the target only comes last: another event says where it is from.
    private static (int, long, string, long) PlaceOf(KeyEvent e) =>
        e.Origin is { } o ? (0, o.Place.Version ?? -1, o.Place.File, o.Place.Row) : (1, (long)e.Knowledge, "", e.Row);
}
