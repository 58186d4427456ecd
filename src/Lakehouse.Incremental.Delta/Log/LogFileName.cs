namespace Lakehouse.Incremental.Delta.Log;

/// <summary>
/// A parsed name of the log directory. <see cref="Part"/> and <see cref="Parts"/> are 1 unless it is part of a checkpoint; <see cref="Last"/> is the
/// last version of a compaction.
/// </summary>
internal readonly record struct LogFileName(LogFileKind Kind, long Version, int Part = 1, int Parts = 1, long Last = 0);
