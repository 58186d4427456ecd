namespace Lakehouse.Incremental.Scd2;

/// <summary>What the events of one position come to.</summary>
/// <param name="Cleared">The row that the cut cleared there.</param>
/// <param name="CutBefore">A cut that came before the cleared row.</param>
/// <param name="Cut">The last delete.</param>
/// <param name="Row">The row after it.</param>
internal readonly record struct TimelinePosition(TimelineRow? Cleared, TimelineEvent? CutBefore, TimelineEvent? Cut, TimelineRow? Row);
