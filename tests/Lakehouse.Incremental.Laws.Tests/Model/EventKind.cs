namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>What an event does.</summary>
internal enum EventKind
{
    /// <summary>A row or some cells of it.</summary>
    Upsert,

    /// <summary>Ends the life of its key.</summary>
    Delete,

    /// <summary>Like an upsert, but the lowest at its place in the order.</summary>
    Read,

    /// <summary>A delete of every key.</summary>
    Truncate,

    /// <summary>Its code means nothing; such an event is invalid, and the model knows nothing of it.</summary>
    Unknown,
}
