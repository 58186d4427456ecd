using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

public sealed class ParquetCheckpointReaderTests
{
    private static readonly (string Column, (string, object?)[] Fields) s_protocol = ("protocol", [("minReaderVersion", 1), ("minWriterVersion", 2)]);

    private static readonly (string Column, (string, object?)[] Fields) s_metadata = ("metaData", [("id", "table"), ("schemaString", TestLog.Schema)]);

    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Columns_a_writer_left_out_are_null_and_others_are_passed_over()
    {
        await CheckpointKit.PutAsync(
            _storage, "c", s_protocol, s_metadata, ("add", [("path", "a"), ("size", 5L), ("stats_parsed", "x"), ("newField", 1L)]), ("newAction", [("x", 1L)]));
        IReadOnlyList<DeltaAction> actions = await CheckpointKit.ReadAsync(_storage, "c");

        actions.Should().HaveCount(3);
        AddFile add = actions.OfType<AddFile>().Single();
        add.Should().BeEquivalentTo(new AddFile { Path = "a", Size = 5, ModificationTime = 0, DataChange = false });
        actions.OfType<MetadataAction>().Single().Should().BeEquivalentTo(TestLog.Metadata);
    }

    [Fact]
    public async Task Numbers_may_be_wider_or_narrower_than_the_protocol_says()
    {
        await CheckpointKit.PutAsync(_storage, "c", ("protocol", [("minReaderVersion", 1L), ("minWriterVersion", 2L)]), ("txn", [("appId", "a"), ("version", 7)]));
        (await CheckpointKit.ReadAsync(_storage, "c")).Should().Equal(
            new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 2 }, new SetTransaction("a", 7));
    }

    [Fact]
    public async Task Parts_are_read_together()
    {
        await CheckpointKit.PutAsync(_storage, TestLog.Part(0, 1, 2), s_protocol, ("add", [("path", "a"), ("size", 1L)]));
        await CheckpointKit.PutAsync(_storage, TestLog.Part(0, 2, 2), s_metadata, ("add", [("path", "b"), ("size", 2L)]));

        Snapshot snapshot = await LoadAsync();
        snapshot.Files.Select(static file => file.Path).Should().Equal("a", "b");
    }

    [Fact]
    public async Task Sidecars_are_followed()
    {
        string top = LogPaths.Stem(0) + ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet";
        await CheckpointKit.PutAsync(
            _storage, top, s_protocol, s_metadata, ("checkpointMetadata", [("version", 0L)]),
            ("sidecar", [("path", "one%20.parquet"), ("sizeInBytes", 1L), ("modificationTime", 1L)]));
        await CheckpointKit.PutAsync(_storage, LogPaths.Sidecars + "/one .parquet", ("add", [("path", "a"), ("size", 1L)]));
        (await LoadAsync()).Files.Select(static file => file.Path).Should().Equal("a");
    }

    [Fact]
    public async Task An_action_without_what_it_must_have_is_corrupt()
    {
        (string Column, (string, object?)[] Fields)[] broken =
        [
            ("add", [("path", null), ("size", 1L)]),
            ("remove", [("deletionTimestamp", 1L)]),
            ("txn", [("appId", "a"), ("lastUpdated", 1L)]),
            ("protocol", [("minReaderVersion", 1)]),
            ("metaData", [("id", "x")]),
            ("add", [("path", 5L)]),
        ];
        for (int i = 0; i < broken.Length; i++)
        {
            string path = $"broken{i}";
            await CheckpointKit.PutAsync(_storage, path, broken[i]);
            (await FluentActions.Awaiting(() => CheckpointKit.ReadAsync(_storage, path)).Should().ThrowAsync<CorruptTableException>()).WithMessage($"*{path}*");
        }
    }

    [Fact]
    public async Task A_file_that_is_missing_or_no_Parquet_is_corrupt()
    {
        await _storage.PutAsync("text", "no parquet at all"u8.ToArray());
        await _storage.PutAsync("empty", System.Array.Empty<byte>());
        foreach (string path in new[] { "text", "empty", "missing" })
        {
            (await FluentActions.Awaiting(() => CheckpointKit.ReadAsync(_storage, path)).Should().ThrowAsync<CorruptTableException>()).WithMessage($"*{path}*")
                .Which.ErrorCode.Should().Be(ErrorCodes.CorruptFile);
        }
    }

    private Task<Snapshot> LoadAsync() => new SnapshotLoader(new ParquetCheckpointReader()).LoadAsync(new DeltaLog(_storage), null, CancellationToken.None);
}
