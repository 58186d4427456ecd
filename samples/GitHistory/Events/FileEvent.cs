using GitHistory.Git;

namespace GitHistory.Events;

/// <summary>A change with its place in the stream of all changes.</summary>
/// <param name="Ordinal">0 for the first change of the history. It stays the same when the history grows.</param>
/// <param name="Change">The change.</param>
internal readonly record struct FileEvent(long Ordinal, GitChange Change);
