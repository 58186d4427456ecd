using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Tests.Snapshots;

public sealed class TablePropertiesTests
{
    [Fact]
    public void Defaults_are_those_of_the_protocol()
    {
        TableProperties properties = Of();

        properties.AppendOnly.Should().BeFalse();
        properties.CheckpointInterval.Should().Be(10);
        properties.EnableDeletionVectors.Should().BeFalse();
        properties.EnableChangeDataFeed.Should().BeFalse();
        properties.InCommitTimestamps.Should().BeFalse();
        properties.DataSkippingNumIndexedCols.Should().Be(32);
        properties.DataSkippingStringPrefixLength.Should().Be(32);
        properties.DeletedFileRetention.Should().Be(TimeSpan.FromDays(7));
        properties.LogRetention.Should().Be(TimeSpan.FromDays(30));
        properties.SetTransactionRetention.Should().BeNull();
        properties.CheckpointStatsAsJson.Should().BeTrue();
        properties.CheckpointStatsAsStruct.Should().BeFalse();
        properties.ColumnMappingMode.Should().Be(ColumnMappingMode.None);
    }

    [Fact]
    public void Values_are_read_in_any_case()
    {
        Of(("delta.appendOnly", "TRUE")).AppendOnly.Should().BeTrue();
        Of(("delta.checkpointInterval", "100")).CheckpointInterval.Should().Be(100);
        Of(("delta.dataSkippingNumIndexedCols", "-1")).DataSkippingNumIndexedCols.Should().Be(-1);
        Of(("delta.inCommitTimestampEnablementVersion", "5")).InCommitTimestampEnablementVersion.Should().Be(5);
        Of(("delta.setTransactionRetentionDuration", "interval 1 hour")).SetTransactionRetention.Should().Be(TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("interval 1 week", 7 * 24 * 3600)]
    [InlineData("INTERVAL 2 Days 3 hours", (48 + 3) * 3600)]
    [InlineData("30 minutes", 1800)]
    [InlineData("interval 0 seconds", 0)]
    public void Intervals_are_read(string text, int seconds) =>
        Of(("delta.logRetentionDuration", text)).LogRetention.Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("delta.logRetentionDuration", "interval 1 month")]
    [InlineData("delta.logRetentionDuration", "interval")]
    [InlineData("delta.logRetentionDuration", "")]
    [InlineData("delta.logRetentionDuration", "interval -1 days")]
    [InlineData("delta.logRetentionDuration", "interval 9223372036854775807 weeks")]
    [InlineData("delta.logRetentionDuration", "one day")]
    [InlineData("delta.checkpointInterval", "0")]
    [InlineData("delta.checkpointInterval", "ten")]
    [InlineData("delta.appendOnly", "yes")]
    [InlineData("delta.dataSkippingNumIndexedCols", "-2")]
    public void Invalid_values_are_named(string key, string value)
    {
        TableProperties properties = Of((key, value));
        Func<object> read = () =>
            (properties.LogRetention, properties.CheckpointInterval, properties.AppendOnly, properties.DataSkippingNumIndexedCols);

        read.Should().Throw<LakehouseException>().Where(error => error.ErrorCode == ErrorCodes.InvalidConfiguration).WithMessage($"*{key}*{value}*");
    }

    private static TableProperties Of(params (string Key, string Value)[] entries) =>
        new(entries.ToDictionary(static entry => entry.Key, static entry => entry.Value));
}
