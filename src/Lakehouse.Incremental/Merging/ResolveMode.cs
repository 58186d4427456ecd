namespace Lakehouse.Incremental.Merging;

/// <summary>Whether a batch adds to what is known of its keys, or replaces it.</summary>
internal enum ResolveMode
{
    /// <summary>The batch holds further events.</summary>
    Merge,

    /// <summary>The batch holds all events of its keys: rows and state of those keys become what these events say. The repair of the reconciler.</summary>
    Rebuild,
}
