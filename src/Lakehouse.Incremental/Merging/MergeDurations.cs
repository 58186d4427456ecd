using System.Globalization;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Where the time of a merge went, by the clock of the target (<see cref="Delta.DeltaTableOptions.TimeProvider"/>). Attempts that lost a race to another writer are
/// in it. For people only: nothing is decided by it.
/// </summary>
public sealed record MergeDurations
{
    /// <summary>Finding and reading the staged events.</summary>
    public TimeSpan Read { get; init; }

    /// <summary>Catching up with the table: its schema, the flow's state, the key index.</summary>
    public TimeSpan Sync { get; init; }

    /// <summary>Bringing events to the target's types, and folding them by key.</summary>
    public TimeSpan Normalize { get; init; }

    /// <summary>Finding which rows the events may concern.</summary>
    public TimeSpan Locate { get; init; }

    /// <summary>Reading those rows.</summary>
    public TimeSpan Fetch { get; init; }

    /// <summary>Deciding what becomes of the rows.</summary>
    public TimeSpan Resolve { get; init; }

    /// <summary>Writing events to quarantine.</summary>
    public TimeSpan SetApart { get; init; }

    /// <summary>Writing data, change data and state.</summary>
    public TimeSpan Write { get; init; }

    /// <summary>Refreshing the table, the commit, and what follows it (checkpoint, checksum, clean-up of the log).</summary>
    public TimeSpan Commit { get; init; }

    /// <summary>Compaction, where the table asks for it.</summary>
    public TimeSpan Maintain { get; init; }

    /// <summary>One line, without the steps that took less than half a millisecond.</summary>
    public override string ToString()
    {
        (string Name, TimeSpan Time)[] steps =
        [
            ("read", Read), ("sync", Sync), ("normalize", Normalize), ("locate", Locate), ("fetch", Fetch), ("resolve", Resolve), ("set apart", SetApart),
            ("write", Write), ("commit", Commit), ("maintain", Maintain),
        ];
        return string.Join(", ", steps.Where(static s => s.Time.TotalMilliseconds >= 0.5)
            .Select(static s => string.Create(CultureInfo.InvariantCulture, $"{s.Name} {s.Time.TotalMilliseconds:N0} ms")));
    }
}
