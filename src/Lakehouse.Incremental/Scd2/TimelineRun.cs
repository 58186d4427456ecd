namespace Lakehouse.Incremental.Scd2;

/// <summary>Consecutive rows of one life that agree on the tracked columns: one row of the history table.</summary>
/// <param name="Start">The event it begins with.</param>
/// <param name="Row">What it shows: its last row.</param>
/// <param name="End">The event that ends it (the first of the next run, or a delete); null while it is current.</param>
/// <param name="IsMarked">It stands for the time after a delete, with the last known values.</param>
internal sealed record TimelineRun(TimelineEvent Start, TimelineRow Row, TimelineEvent? End, bool IsMarked);
