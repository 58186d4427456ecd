using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

public sealed class CheckpointWriterTests
{
    private const long Day = 86_400_000;
    private static readonly long s_now = new ManualTime().Milliseconds;

    [Fact]
    public async Task The_hint_leads_to_the_checkpoint()
    {
        InMemoryTableStorage storage = new();
        Snapshot snapshot = CheckpointKit.Snapshot(TestLog.Metadata, TestLog.Add("a"), TestLog.Add("b"), new SetTransaction("app", 3));
        await new CheckpointWriter(storage, new ManualTime(), IdSource.System).WriteAsync(snapshot, CancellationToken.None);

        StoredFile file = (await storage.StatAsync(LogPaths.Checkpoint(0)))!;
        JsonNode hint = JsonNode.Parse(await storage.ReadAsync(LogPaths.LastCheckpoint))!;
        string checksum = JsonChecksum.Of(hint.AsObject());
        hint.ToJsonString().Should().Be($$"""{"version":0,"size":5,"sizeInBytes":{{file.Size}},"numOfAddFiles":2,"checksum":"{{checksum}}"}""");
    }

    [Fact]
    public async Task A_checkpoint_is_written_once()
    {
        InMemoryTableStorage storage = new();
        await storage.PutAsync(LogPaths.Checkpoint(0), new byte[] { 1 });
        await new CheckpointWriter(storage, new ManualTime(), IdSource.System).WriteAsync(CheckpointKit.Snapshot(TestLog.Metadata), CancellationToken.None);
        (await storage.ReadAsync(LogPaths.Checkpoint(0))).Should().Equal(1);
        (await storage.StatAsync(LogPaths.LastCheckpoint)).Should().BeNull();
    }

    [Fact]
    public async Task Tombstones_are_kept_until_they_expire_and_carry_no_statistics()
    {
        DeltaAction[] removes = [.. new[] { 6, 7, 8 }.Select(static days => (DeltaAction)(RemoveFile.Of(TestLog.Add($"old{days}"), s_now - (days * Day), true) with
        {
            Stats = "{}",
            Tags = new Dictionary<string, string?> { ["t"] = "1" },
        })),
            new RemoveFile { Path = "undated", DataChange = true }];
        RemoveFile kept = (await CheckpointKit.WriteAndReadAsync(CheckpointKit.Snapshot(TestLog.Metadata, removes))).OfType<RemoveFile>().Should().ContainSingle().Subject;
        kept.Path.Should().Be("old6");
        kept.Stats.Should().BeNull();
        kept.Tags.Should().BeNull();
        kept.Size.Should().Be(10);
        kept.ExtendedFileMetadata.Should().BeTrue();

        MetadataAction longer = TestLog.Metadata with { Configuration = new Dictionary<string, string> { ["delta.deletedFileRetentionDuration"] = "interval 1000000 weeks" } };
        (await CheckpointKit.WriteAndReadAsync(CheckpointKit.Snapshot(longer, removes[..3]))).OfType<RemoveFile>().Should().HaveCount(3);
    }

    [Fact]
    public async Task Transactions_expire_only_if_the_table_says_so()
    {
        DeltaAction[] transactions = [new SetTransaction("old", 1, s_now - (3 * Day)), new SetTransaction("new", 2, s_now - Day), new SetTransaction("undated", 3)];
        (await CheckpointKit.WriteAndReadAsync(CheckpointKit.Snapshot(TestLog.Metadata, transactions))).OfType<SetTransaction>()
            .Should().BeEquivalentTo(transactions.Cast<SetTransaction>());

        MetadataAction expiring = TestLog.Metadata with { Configuration = new Dictionary<string, string> { ["delta.setTransactionRetentionDuration"] = "2 days" } };
        (await CheckpointKit.WriteAndReadAsync(CheckpointKit.Snapshot(expiring, transactions))).OfType<SetTransaction>()
            .Select(static transaction => transaction.AppId).Should().BeEquivalentTo("new", "undated");
    }

    [Fact]
    public async Task Feature_lists_are_there_exactly_when_the_versions_have_them()
    {
        ProtocolAction[] protocols =
        [
            new() { MinReaderVersion = 1, MinWriterVersion = 2 },
            new() { MinReaderVersion = 1, MinWriterVersion = 7, WriterFeatures = ["appendOnly"] },
            new() { MinReaderVersion = 3, MinWriterVersion = 7, ReaderFeatures = [], WriterFeatures = [] },
            new() { MinReaderVersion = 3, MinWriterVersion = 7, ReaderFeatures = ["deletionVectors"], WriterFeatures = ["deletionVectors", "domainMetadata"] },
        ];
        foreach (ProtocolAction protocol in protocols)
        {
            (await CheckpointKit.WriteAndReadAsync(CheckpointKit.Snapshot(protocol, TestLog.Metadata))).OfType<ProtocolAction>().Should().ContainSingle()
                .Which.Should().BeEquivalentTo(protocol);
        }
    }

    [Fact]
    public async Task Metadata_is_kept_whole()
    {
        MetadataAction metadata = TestLog.Metadata with
        {
            Name = "n",
            Description = "",
            FormatOptions = new Dictionary<string, string> { ["o"] = "1" },
            PartitionColumns = ["id"],
            Configuration = new Dictionary<string, string> { ["b"] = "2", ["a"] = "" },
            CreatedTime = 77,
        };
        (await CheckpointKit.WriteAndReadAsync(CheckpointKit.Snapshot(metadata))).OfType<MetadataAction>().Should().ContainSingle().Which.Should().BeEquivalentTo(metadata);
    }

    [Fact]
    public async Task Columns_are_those_of_the_protocol()
    {
        InMemoryTableStorage storage = new();
        await new CheckpointWriter(storage, new ManualTime(), IdSource.System).WriteAsync(CheckpointKit.Snapshot(TestLog.Metadata, TestLog.Add("a")), CancellationToken.None);
        await foreach (FileBatch part in ParquetFiles.ReadAsync(storage, LogPaths.Checkpoint(0), null))
        {
            part.Batch.Schema.FieldsList.Select(static field => field.Name).Should().Equal("txn", "add", "remove", "metaData", "protocol", "domainMetadata");
            ((Apache.Arrow.Types.StructType)part.Batch.Schema.GetFieldByName("remove").DataType).Fields.Select(static field => field.Name).Should().NotContain(["stats", "tags"]);
            Apache.Arrow.Types.StructType add = (Apache.Arrow.Types.StructType)part.Batch.Schema.GetFieldByName("add").DataType;
            Apache.Arrow.Types.MapType values = (Apache.Arrow.Types.MapType)add.GetFieldByName("partitionValues").DataType;
            values.KeyField.IsNullable.Should().BeFalse();
            values.ValueField.IsNullable.Should().BeTrue();
        }
    }
}
