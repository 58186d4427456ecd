using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental;

/// <summary>
/// All log messages of the engines, with stable event ids from 100 on (the table format has those below). They go to the logger of the target's
/// <see cref="Delta.DeltaTableOptions.Logger"/>. None holds values of rows, but for keys and places in the order of a few samples.
/// </summary>
internal static partial class FlowLogMessages
{
    [LoggerMessage(100, LogLevel.Information, "Flow '{Flow}' merged {Batch} into '{Table}', version {Version}: {RowsIn} in, {Applied} applied, {Duplicates} duplicate, {Late} late, {Superseded} superseded, {TooLate} too late, {Quarantined} quarantined; {Inserted} inserted, {Updated} updated, {Deleted} deleted; {FilesAdded} files added, {FilesRemoved} removed, {BytesWritten} bytes written.")]
    public static partial void Merged(
        this ILogger logger, string flow, string table, string batch, long version, long rowsIn, long applied, long duplicates, long late, long superseded, long tooLate, long quarantined,
        long inserted, long updated, long deleted, int filesAdded, int filesRemoved, long bytesWritten);

    [LoggerMessage(101, LogLevel.Information, "Flow '{Flow}' found nothing new for '{Table}' in {Batch}; nothing was written.")]
    public static partial void NothingNew(this ILogger logger, string flow, string table, string batch);

    [LoggerMessage(102, LogLevel.Information, "Flow '{Flow}' derives {Batch} for '{Table}' again from version {Version}, as another writer was faster: attempt {Attempt}.")]
    public static partial void MergeDerivedAgain(this ILogger logger, string flow, string table, string batch, long version, int attempt);

    [LoggerMessage(103, LogLevel.Warning, "Flow '{Flow}' set {Count} events of {Batch} apart that cannot be merged into '{Table}': {Reasons}.")]
    public static partial void EventsQuarantined(this ILogger logger, string flow, string table, string batch, long count, string reasons);

    [LoggerMessage(104, LogLevel.Warning, "Flow '{Flow}' set {Count} events of {Batch} apart that come too late for '{Table}'.")]
    public static partial void EventsTooLate(this ILogger logger, string flow, string table, string batch, long count);

    [LoggerMessage(105, LogLevel.Warning, "Flow '{Flow}' decided {Count} ties of {Batch} for '{Table}' by rank and digest, such as {Samples}.")]
    public static partial void TiesDecided(this ILogger logger, string flow, string table, string batch, long count, string samples);

    [LoggerMessage(106, LogLevel.Information, "Flow '{Flow}' changed the schema of '{Table}' in version {Version} for {Batch}; columns now: {Columns}.")]
    public static partial void TargetEvolved(this ILogger logger, string flow, string table, string batch, long version, string columns);

    [LoggerMessage(107, LogLevel.Debug, "Flow '{Flow}' builds the key index of '{Table}' anew, at version {Version} with {Files} files.")]
    public static partial void KeyIndexBegun(this ILogger logger, string flow, string table, long version, int files);

    [LoggerMessage(108, LogLevel.Information, "Flow '{Flow}' advanced the horizon of '{Table}' in version {Version}.")]
    public static partial void HorizonAdvanced(this ILogger logger, string flow, string table, long version);

    [LoggerMessage(109, LogLevel.Information, "Flow '{Flow}' adopted '{Table}' in version {Version}.")]
    public static partial void TableAdopted(this ILogger logger, string flow, string table, long version);

    [LoggerMessage(110, LogLevel.Information, "Version {Version} of '{Table}' equals the full recompute of flow '{Flow}' up to version {InputVersion} of its input: {Rows} rows.")]
    public static partial void NoDrift(this ILogger logger, string flow, string table, long version, long inputVersion, long rows);

    [LoggerMessage(111, LogLevel.Warning, "Version {Version} of '{Table}' differs from the full recompute of flow '{Flow}': keys {Missing} missing, {Extra} extra, {Different} different, {Duplicate} duplicate, {StateDrift} with wrong state, such as {Samples}.")]
    public static partial void DriftFound(
        this ILogger logger, string flow, string table, long version, long missing, long extra, long different, long duplicate, long stateDrift, string samples);

    [LoggerMessage(112, LogLevel.Information, "Flow '{Flow}' repaired '{Table}' in version {Version}.")]
    public static partial void DriftRepaired(this ILogger logger, string flow, string table, long version);

    [LoggerMessage(113, LogLevel.Information, "Flow '{Flow}' took {Count} events of {Batch} for '{Table}' that are older than what it knew of their keys, such as {Samples}.")]
    public static partial void EventsArrivedLate(this ILogger logger, string flow, string table, string batch, long count, string samples);

    [LoggerMessage(114, LogLevel.Warning, "Flow '{Flow}' has floating-point keys in '{Table}': {Columns}. All NaNs are one key, and so are the two zeros.")]
    public static partial void FloatingPointKeys(this ILogger logger, string flow, string table, string columns);
}
