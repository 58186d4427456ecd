using System.Globalization;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Typed view of the <c>delta.*</c> properties of a table. An invalid value is an error when it is asked for, not before.</summary>
internal sealed class TableProperties(IReadOnlyDictionary<string, string> configuration)
{
    public const string AppendOnlyKey = "delta.appendOnly";
    public const string CheckpointIntervalKey = "delta.checkpointInterval";
    public const string EnableDeletionVectorsKey = "delta.enableDeletionVectors";
    public const string EnableChangeDataFeedKey = "delta.enableChangeDataFeed";
    public const string EnableInCommitTimestampsKey = "delta.enableInCommitTimestamps";
    public const string ColumnMappingModeKey = "delta.columnMapping.mode";

    public bool AppendOnly => Flag(AppendOnlyKey, false);

    /// <summary>A checkpoint is due at each multiple of this many versions.</summary>
    public long CheckpointInterval => Integer(CheckpointIntervalKey, 10, 1);

    public bool EnableDeletionVectors => Flag(EnableDeletionVectorsKey, false);

    public bool EnableChangeDataFeed => Flag(EnableChangeDataFeedKey, false);

    public bool InCommitTimestamps => Flag(EnableInCommitTimestampsKey, false);

    /// <summary>The version that turned in-commit timestamps on; null when the table always had them.</summary>
    public long? InCommitTimestampEnablementVersion => OptionalInteger("delta.inCommitTimestampEnablementVersion");

    /// <summary>Milliseconds since the Unix epoch; null when the table always had them.</summary>
    public long? InCommitTimestampEnablementTimestamp => OptionalInteger("delta.inCommitTimestampEnablementTimestamp");

    /// <summary>Statistics for this many leaf columns from the first on; -1 for all.</summary>
    public int DataSkippingNumIndexedCols => (int)Integer("delta.dataSkippingNumIndexedCols", 32, -1);

    /// <summary>Names of the columns to collect statistics for, which go before the number; null when not set.</summary>
    public string? DataSkippingStatsColumns => Text("delta.dataSkippingStatsColumns");

    /// <summary>Longest string in statistics, in characters.</summary>
    public int DataSkippingStringPrefixLength => (int)Integer("delta.dataSkippingStringPrefixLength", 32, 1);

    public TimeSpan DeletedFileRetention => Duration("delta.deletedFileRetentionDuration", TimeSpan.FromDays(7));

    public TimeSpan LogRetention => Duration("delta.logRetentionDuration", TimeSpan.FromDays(30));

    /// <summary>Null when transaction versions never expire.</summary>
    public TimeSpan? SetTransactionRetention =>
        Text("delta.setTransactionRetentionDuration") is null ? null : Duration("delta.setTransactionRetentionDuration", TimeSpan.Zero);

    public bool CheckpointStatsAsJson => Flag("delta.checkpoint.writeStatsAsJson", true);

    public bool CheckpointStatsAsStruct => Flag("delta.checkpoint.writeStatsAsStruct", false);

    public ColumnMappingMode ColumnMappingMode => Text(ColumnMappingModeKey) is not { } text ? ColumnMappingMode.None
        : Enum.TryParse(text, ignoreCase: true, out ColumnMappingMode mode) && Enum.IsDefined(mode) && !char.IsAsciiDigit(text[0]) ? mode
        : throw Invalid(ColumnMappingModeKey, text, "none, name or id");

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
