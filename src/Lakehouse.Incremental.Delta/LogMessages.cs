using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental.Delta;

/// <summary>All log messages of the table format, with stable event ids. None holds row values.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Committed version {Version} to '{Table}': {Operation}, {Actions} actions, attempt {Attempt}.")]
    public static partial void Committed(this ILogger logger, string table, long version, string? operation, int actions, int attempt);

    [LoggerMessage(2, LogLevel.Debug, "Another writer committed version {Version} to '{Table}' first.")]
    public static partial void LostRace(this ILogger logger, string table, long version);

    [LoggerMessage(3, LogLevel.Warning, "The time of version {Version} of '{Table}' could not be read; the clock was taken instead.")]
    public static partial void CommitTimeUnknown(this ILogger logger, Exception error, string table, long version);

    [LoggerMessage(4, LogLevel.Warning, "The file '{Path}' of '{Table}', which no version refers to, could not be deleted.")]
    public static partial void OrphanLeft(this ILogger logger, Exception error, string table, string path);

    [LoggerMessage(5, LogLevel.Information, "Wrote a checkpoint of version {Version} of '{Table}'.")]
    public static partial void CheckpointWritten(this ILogger logger, string table, long version);

    [LoggerMessage(6, LogLevel.Warning, "The checkpoint of version {Version} of '{Table}' failed; the commit stands.")]
    public static partial void CheckpointFailed(this ILogger logger, Exception error, string table, long version);

    [LoggerMessage(7, LogLevel.Information, "Created the table '{Table}' with {Columns} columns.")]
    public static partial void TableCreated(this ILogger logger, string table, int columns);

    [LoggerMessage(8, LogLevel.Debug, "Read version {Version} of '{Table}': {Files} files opened, {Skipped} skipped by their statistics.")]
    public static partial void Scanned(this ILogger logger, string table, long version, int files, int skipped);

    [LoggerMessage(9, LogLevel.Warning, "The checksum of version {Version} of '{Table}' could not be written; the commit stands.")]
    public static partial void ChecksumFailed(this ILogger logger, Exception error, string table, long version);

    [LoggerMessage(10, LogLevel.Information, "Deleted {Files} files of the log of '{Table}'; it now begins with version {Oldest}.")]
    public static partial void LogCleanedUp(this ILogger logger, string table, long? oldest, int files);

    [LoggerMessage(11, LogLevel.Warning, "Version {Version} of '{Table}' differs from the checksum its writer left: {Difference}.")]
    public static partial void ChecksumDiffers(this ILogger logger, string table, long version, string difference);

    [LoggerMessage(12, LogLevel.Warning, "The compaction of '{Table}' that follows a commit failed; the commit stands.")]
    public static partial void CompactionFailed(this ILogger logger, Exception error, string table);
}
