namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>What an attempt to take a name exclusively came to.</summary>
internal enum ExclusiveResult
{
    /// <summary>The name is ours.</summary>
    Created,

    /// <summary>The name was taken before.</summary>
    Exists,

    /// <summary>The file system has no such call; nothing happened.</summary>
    NotSupported,
}
