namespace GitHistory.Pipeline;

/// <summary>The versions of all tables: equal when nothing was written in between.</summary>
internal readonly record struct TableVersions(long Staging, long Files, long History, long ByDirectory);
