using Apache.Arrow;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Altering;

public sealed class SetPropertiesTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task The_protocol_lists_what_it_implied_before_and_what_is_used_now()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { DeletionVectors = false, ChangeDataFeed = true });
        table.CurrentSnapshot.Protocol.MinWriterVersion.Should().Be(4);
        await table.SetPropertiesAsync(Set("delta.enableDeletionVectors", "true"));
        table.CurrentSnapshot.Protocol.Should().BeEquivalentTo(new
        {
            MinReaderVersion = 3,
            MinWriterVersion = 7,
            ReaderFeatures = new[] { "deletionVectors" },
            WriterFeatures = new[] { "appendOnly", "changeDataFeed", "checkConstraints", "deletionVectors", "generatedColumns", "invariants" },
        });
        await table.AppendAsync(Kit.Rows(1, 2));
        await table.DeleteAsync(static id => id == 1);
        (await (await DeltaTable.OpenAsync(_storage)).IdsAsync()).Should().Equal(2);
    }

    [Fact]
    public async Task In_commit_timestamps_begin_with_the_commit_that_turns_them_on()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1));
        long? version = await table.SetPropertiesAsync(Set("delta.enableInCommitTimestamps", "true"));
        version.Should().Be(2);
        table.CurrentSnapshot.TableProperties.InCommitTimestampEnablementVersion.Should().Be(2);
        table.CurrentSnapshot.TableProperties.InCommitTimestampEnablementTimestamp.Should().Be(table.CurrentSnapshot.CommitInfo!.InCommitTimestamp);
        await table.AppendAsync(Kit.Rows(2));
        for (long v = 0; v <= 3; v++)
        {
            long time = (await table.SnapshotAtAsync(v)).Timestamp;
            (await table.VersionAtAsync(DateTimeOffset.FromUnixTimeMilliseconds(time))).Should().Be(v);
        }
    }

    [Fact]
    public async Task Setting_what_is_set_commits_nothing_and_null_takes_a_property_away()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        (await table.SetPropertiesAsync(Set("owner", "me"))).Should().Be(1);
        (await table.SetPropertiesAsync(Set("owner", "me"))).Should().BeNull();
        (await table.SetPropertiesAsync(Set("owner", null))).Should().Be(2);
        table.CurrentSnapshot.Properties.Should().NotContainKey("owner");
    }

    [Theory]
    [InlineData("delta.checkpointInterval", "often")]
    [InlineData("delta.columnMapping.mode", "id")]
    [InlineData("delta.constraints.positive", "id > 0")]
    [InlineData("delta.enableRowTracking", "maybe")]
    [InlineData("delta.columnMapping.maxColumnId", "7")]
    public async Task Values_that_make_no_sense_are_refused(string key, string value)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        (await Kit.CodeOfAsync(() => table.SetPropertiesAsync(Set(key, value)))).Should().Be(ErrorCodes.InvalidConfiguration);
        (await DeltaTable.OpenAsync(_storage)).CurrentSnapshot.Version.Should().Be(0);
    }

    [Fact]
    public async Task A_feature_nobody_knows_is_refused_by_name()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        (await table.Awaiting(t => t.SetPropertiesAsync(Set("delta.feature.teleport", "supported"))).Should().ThrowAsync<UnsupportedFeatureException>())
            .WithMessage("*'teleport'*");
    }

    [Fact]
    public async Task A_column_can_be_made_to_hold_nulls()
    {
        Schema required = new([new Field("id", Apache.Arrow.Types.Int64Type.Default, false), Kit.Schema.FieldsList[1]], null);
        DeltaTable table = await DeltaTable.CreateAsync(_storage, required);
        RecordBatch withNull = Kit.Rows([(null, "x")]);
        (await Kit.CodeOfAsync(() => table.AppendAsync(withNull))).Should().Be(ErrorCodes.NotNullViolation);
        (await table.DropNotNullAsync("id")).Should().Be(1);
        (await table.DropNotNullAsync("id")).Should().BeNull();
        await table.AppendAsync(withNull);
        (await table.DumpAsync()).Should().Equal("id=null name=x");
    }

    private static Dictionary<string, string?> Set(string key, string? value) => new() { [key] = value };
}
