namespace Lakehouse.Incremental.TestHost;

/// <summary>The kinds of steps of a <see cref="MixedOperation"/>.</summary>
internal enum MixedKind
{
    Append,
    DeleteShared,
    DeleteOwn,
    DeleteRange,
    Compact,
}
