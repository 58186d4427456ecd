namespace Lakehouse.Incremental.Scd2;

/// <summary>Consecutive upserts of one life that agree on the tracked columns: one row of the history table.</summary>
/// <param name="Head">The first event; its sequence is the start.</param>
/// <param name="Last">The last event; its values are shown.</param>
/// <param name="End">The event that ends the run (the next run's head, or a delete); null while it is current.</param>
internal readonly record struct TimelineRun(TimelineEvent Head, TimelineEvent Last, TimelineEvent? End);
