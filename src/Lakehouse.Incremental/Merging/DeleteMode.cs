namespace Lakehouse.Incremental.Merging;

/// <summary>What a delete does to the rows of its key (semantics 2.18). Whatever the mode, it is remembered against late events.</summary>
public enum DeleteMode
{
    /// <summary>Type 1: the row leaves the table. Type 2: the open row is closed.</summary>
    Hard,

    /// <summary>
    /// Type 1: the row stays, with <c>__is_deleted</c> and <c>__deleted_at</c>. Type 2: the open row is closed, and a row marked <c>__is_deleted</c> with
    /// the last known values follows it. A newer upsert revives the key.
    /// </summary>
    Soft,

    /// <summary>The row stays as it is.</summary>
    Ignore,
}
