namespace Lakehouse.Incremental.Delta.Log;

/// <summary>A file that says what the commits of a range of versions say together.</summary>
internal sealed record CompactionFile(long First, long Last, string Path);
