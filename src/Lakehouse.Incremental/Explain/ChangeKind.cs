namespace Lakehouse.Incremental.Explain;

/// <summary>What an event does to its key.</summary>
public enum ChangeKind
{
    /// <summary>A row of a snapshot: any change at its sequence outranks it.</summary>
    SnapshotRead,

    /// <summary>The key is deleted; also the former key of an event that changes a key.</summary>
    Delete,

    /// <summary>The row of the key as it is from then on, or the part of it that the event tells.</summary>
    Upsert,

    /// <summary>Every key is deleted.</summary>
    Truncate,
}
