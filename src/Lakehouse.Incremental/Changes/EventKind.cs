namespace Lakehouse.Incremental.Changes;

/// <summary>What an event does, and what a record of the state stands for. The numbers are stored.</summary>
internal enum EventKind : sbyte
{
    /// <summary>No event: only names a key whose rows are to be derived again.</summary>
    KeyOnly = -1,

    /// <summary>A row of a snapshot: like an upsert, but any change at its sequence outranks it (semantics 2.42).</summary>
    SnapshotRead = 0,

    Delete = 1,

    Upsert = 2,

    /// <summary>A delete of every key (semantics 2.33). In the state it has no key.</summary>
    Truncate = 3,

    /// <summary>Only in the state, without key: events below it may be too late (semantics 2.4).</summary>
    Horizon = 4,

    /// <summary>Only in the state, without key: the clock of the rows that the table held when it was adopted (semantics 2.43b).</summary>
    Baseline = 5,

    /// <summary>Not an event: the key became another one, which takes its values from here (semantics 2.32).</summary>
    Move = 6,
}
