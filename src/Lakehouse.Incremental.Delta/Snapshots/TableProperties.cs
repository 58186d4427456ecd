using System.Globalization;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Typed view of the <c>delta.*</c> properties of a table. An invalid value is an error when it is asked for, not before.</summary>
internal sealed class TableProperties(IReadOnlyDictionary<string, string> configuration)
{
    public const string DataSkippingStatsColumnsKey = "delta.dataSkippingStatsColumns";
    public const string AppendOnlyKey = "delta.appendOnly";
    public const string CheckpointIntervalKey = "delta.checkpointInterval";
    public const string EnableDeletionVectorsKey = "delta.enableDeletionVectors";
    public const string EnableChangeDataFeedKey = "delta.enableChangeDataFeed";
    public const string EnableInCommitTimestampsKey = "delta.enableInCommitTimestamps";
    public const string CheckpointStatsAsStructKey = "delta.checkpoint.writeStatsAsStruct";
    public const string ColumnMappingModeKey = "delta.columnMapping.mode";
    public const string MaxColumnIdKey = "delta.columnMapping.maxColumnId";
    public const string EnableTypeWideningKey = "delta.enableTypeWidening";
    public const string EnableRowTrackingKey = "delta.enableRowTracking";
    public const string RowIdColumnKey = "delta.rowTracking.materializedRowIdColumnName";
    public const string RowCommitVersionColumnKey = "delta.rowTracking.materializedRowCommitVersionColumnName";
    public const string InCommitTimestampEnablementVersionKey = "delta.inCommitTimestampEnablementVersion";
    public const string InCommitTimestampEnablementTimestampKey = "delta.inCommitTimestampEnablementTimestamp";

    public bool AppendOnly => Flag(AppendOnlyKey, false);

    /// <summary>A checkpoint is due at each multiple of this many versions.</summary>
    public long CheckpointInterval => Integer(CheckpointIntervalKey, 10, 1);

    public bool EnableDeletionVectors => Flag(EnableDeletionVectorsKey, false);

    public bool EnableChangeDataFeed => Flag(EnableChangeDataFeedKey, false);

    public bool InCommitTimestamps => Flag(EnableInCommitTimestampsKey, false);

    /// <summary>The version that turned in-commit timestamps on; null when the table always had them.</summary>
    public long? InCommitTimestampEnablementVersion => OptionalInteger(InCommitTimestampEnablementVersionKey);

    /// <summary>Milliseconds since the Unix epoch; null when the table always had them.</summary>
    public long? InCommitTimestampEnablementTimestamp => OptionalInteger(InCommitTimestampEnablementTimestampKey);

    /// <summary>Statistics for this many leaf columns from the first on; -1 for all.</summary>
    public int DataSkippingNumIndexedCols => (int)Integer("delta.dataSkippingNumIndexedCols", 32, -1);

    /// <summary>Names of the columns to collect statistics for, which go before the number; null when not set.</summary>
    public string? DataSkippingStatsColumns => Text(DataSkippingStatsColumnsKey);

    /// <summary>Longest string in statistics, in characters.</summary>
    public int DataSkippingStringPrefixLength => (int)Integer("delta.dataSkippingStringPrefixLength", 32, 1);

    public TimeSpan DeletedFileRetention => Duration("delta.deletedFileRetentionDuration", TimeSpan.FromDays(7));

    /// <summary>Whether old parts of the log are deleted after a checkpoint.</summary>
    public bool EnableExpiredLogCleanup => Flag("delta.enableExpiredLogCleanup", true);

    public TimeSpan LogRetention => Duration("delta.logRetentionDuration", TimeSpan.FromDays(30));

    /// <summary>Null when transaction versions never expire.</summary>
    public TimeSpan? SetTransactionRetention =>
        Text("delta.setTransactionRetentionDuration") is null ? null : Duration("delta.setTransactionRetentionDuration", TimeSpan.Zero);

    public bool CheckpointStatsAsJson => Flag("delta.checkpoint.writeStatsAsJson", true);

    public bool CheckpointStatsAsStruct => Flag(CheckpointStatsAsStructKey, false);

    public ColumnMappingMode ColumnMappingMode => Text(ColumnMappingModeKey) is not { } text ? ColumnMappingMode.None
        : Enum.TryParse(text, ignoreCase: true, out ColumnMappingMode mode) && Enum.IsDefined(mode) && !char.IsAsciiDigit(text[0]) ? mode
        : throw Invalid(ColumnMappingModeKey, text, "none, name or id");

    public bool EnableTypeWidening => Flag(EnableTypeWideningKey, false);

    /// <summary>Whether rows keep their ids when they are moved or updated; needs the columns of <see cref="RowIdColumn"/>.</summary>
    public bool EnableRowTracking => Flag(EnableRowTrackingKey, false);

    /// <summary>Whether no row ids are handed out although the table has the feature.</summary>
    public bool RowTrackingSuspended => Flag("delta.rowTrackingSuspended", false);

    /// <summary>Physical name of the column that holds the ids of rows that are not where they were inserted.</summary>
    public string? RowIdColumn => Text(RowIdColumnKey);

    /// <summary>Physical name of the column that holds the versions of rows that were moved but not changed.</summary>
    public string? RowCommitVersionColumn => Text(RowCommitVersionColumnKey);

    /// <summary>Whether checkpoints may be of the second form (<c>delta.checkpointPolicy</c>).</summary>
    public bool UseV2Checkpoints => string.Equals(Text("delta.checkpointPolicy"), "v2", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads every property that is read later, so that a wrong value is found before it does harm.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public void CheckValues()
    {
        _ = AppendOnly;
        _ = CheckpointInterval;
        _ = EnableDeletionVectors;
        _ = EnableChangeDataFeed;
        _ = InCommitTimestamps;
        _ = DataSkippingNumIndexedCols;
        _ = DataSkippingStringPrefixLength;
        _ = DeletedFileRetention;
        _ = LogRetention;
        _ = SetTransactionRetention;
        _ = CheckpointStatsAsJson;
        _ = CheckpointStatsAsStruct;
        _ = ColumnMappingMode;
        _ = EnableTypeWidening;
        _ = EnableRowTracking;
    }

    /// <summary>The value of a property, or null.</summary>
    public string? Text(string key) => configuration.TryGetValue(key, out string? value) ? value : null;

    /// <summary>True or false by the text of a property, in any case.</summary>
    public bool Flag(string key, bool fallback) =>
        Text(key) is not { } text ? fallback : bool.TryParse(text, out bool value) ? value : throw Invalid(key, text, "true or false");

    private long Integer(string key, long fallback, long least) => Text(key) is not { } text ? fallback
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= int.MaxValue
            ? value
            : throw Invalid(key, text, string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {least}"));

    private long? OptionalInteger(string key) => Text(key) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value
        : throw Invalid(key, text, "a whole number");

    private TimeSpan Duration(string key, TimeSpan fallback) => Text(key) is not { } text ? fallback
        : IntervalText.TryParse(text, out TimeSpan value) ? value : throw Invalid(key, text, "an interval like 'interval 7 days'");

    private static LakehouseException Invalid(string key, string text, string expected) =>
        new(ErrorCodes.InvalidConfiguration, $"The table property '{key}' is '{text}', which is not {expected}.");
}
