using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Log;

public sealed class VersionChecksumTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Each_commit_leaves_its_sums()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1, 2, 3), new() { TxnAppId = "app", TxnVersion = 7 });
        await table.AppendAsync(Kit.Rows(4, 5));
        await table.DeleteAsync(static id => id is 1 or 4);

        JsonObject sums = JsonNode.Parse(await _storage.ReadAsync(LogPaths.Checksum(3)))!.AsObject();
        sums["numFiles"]!.GetValue<int>().Should().Be(2);
        sums["tableSizeBytes"]!.GetValue<long>().Should().Be(table.CurrentSnapshot.SizeInBytes);
        sums["numDeletedRecordsOpt"]!.GetValue<long>().Should().Be(2);
        sums["numDeletionVectorsOpt"]!.GetValue<long>().Should().Be(2);
        sums["numMetadata"]!.GetValue<int>().Should().Be(1);
        sums["numProtocol"]!.GetValue<int>().Should().Be(1);
        sums["metadata"]!["id"]!.GetValue<string>().Should().Be(table.CurrentSnapshot.TableId);
        sums["protocol"]!["minWriterVersion"]!.GetValue<int>().Should().Be(7);
        sums["setTransactions"]!.AsArray().Single()!["appId"]!.GetValue<string>().Should().Be("app");
        sums["txnId"]!.GetValue<string>().Should().Be(table.CurrentSnapshot.CommitInfo!.TxnId);
        sums.ContainsKey("inCommitTimestampOpt").Should().BeFalse();
        (await Kit.FilesAsync(_storage, ".crc")).Should().HaveCount(4);
    }

    [Fact]
    public async Task The_time_of_the_commit_is_there_when_commits_have_one()
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            _storage, Kit.Schema, new() { Properties = new Dictionary<string, string> { ["delta.enableInCommitTimestamps"] = "true" } });
        await table.AppendAsync(Kit.Rows(1));
        JsonObject sums = JsonNode.Parse(await _storage.ReadAsync(LogPaths.Checksum(1)))!.AsObject();
        sums["inCommitTimestampOpt"]!.GetValue<long>().Should().Be(table.CurrentSnapshot.CommitInfo!.InCommitTimestamp);
    }

    [Fact]
    public async Task A_version_that_differs_from_its_checksum_is_told_and_still_opens()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        (await VersionChecksum.DifferenceAsync(_storage, table.CurrentSnapshot, CancellationToken.None)).Should().BeNull();
        (string Content, string? Difference)[] cases =
        [
            ("""{"numFiles":2}""", "numFiles is 1, not 2"),
            ("""{"numFiles":1,"tableSizeBytes":1}""", $"tableSizeBytes is {table.CurrentSnapshot.SizeInBytes}, not 1"),
            ("""{"metadata":{"id":"other"}}""", $"the table is {table.CurrentSnapshot.TableId}, not other"),
            ("""{"numFiles":"1","metadata":[]}""", null),
            ("""{"numFiles":1,"numFiles":2}""", null),
            ("""{"numFiles":""", null),
            ("[]", null),
            ("", null),
        ];
        foreach ((string content, string? difference) in cases)
        {
            await _storage.PutAsync(LogPaths.Checksum(1), System.Text.Encoding.UTF8.GetBytes(content));
            (await VersionChecksum.DifferenceAsync(_storage, table.CurrentSnapshot, CancellationToken.None)).Should().Be(difference);
            (await (await DeltaTable.OpenAsync(_storage)).IdsAsync()).Should().Equal(1, 2, 3);
        }
    }

    [Fact]
    public async Task A_failure_leaves_the_commit_alone()
    {
        HookedStorage storage = new(_storage);
        DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema);
        storage.BeforePutIfAbsent = static path => path.EndsWith(".crc", StringComparison.Ordinal) ? throw new IOException("full") : Task.CompletedTask;
        (await table.AppendAsync(Kit.Rows(1))).Version.Should().Be(1);
        (await Kit.FilesAsync(_storage, ".crc")).Should().Equal(LogPaths.Checksum(0));
    }
}
