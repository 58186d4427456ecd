using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Snapshots;

public sealed class SnapshotLoaderTests
{
    private const string Uuid = "80a083e8-7026-4e79-81be-64bd76c43a11";
    private readonly ManualTime _time = new();
    private readonly TestLog _table;

    public SnapshotLoaderTests() => _table = new TestLog(_time);

    [Fact]
    public async Task Any_version_can_be_loaded()
    {
        await _table.FillAsync(12);
        await _table.CheckpointAsync(5);

        for (long version = 0; version < 12; version++)
        {
            Snapshot snapshot = await _table.LoadAsync(version);
            snapshot.Version.Should().Be(version);
            snapshot.FileCount.Should().Be((int)version + 1);
        }
    }

    [Fact]
    public async Task A_refresh_reads_the_new_commits_only()
    {
        await _table.FillAsync(20);
        Snapshot before = await _table.LoadAsync();
        long first = await _table.CommitAsync(TestLog.Add("x"));
        long second = await _table.CommitAsync(TestLog.Add("y"));
        _table.Storage.Reset();

        Snapshot after = await _table.RefreshAsync(before);

        after.Version.Should().Be(second);
        after.FileCount.Should().Be(22);
        _table.Storage.Read.Should().Equal(LogPaths.Commit(first), LogPaths.Commit(second));
        _table.Storage.Listed.Should().BeEmpty();
    }

    [Fact]
    public async Task A_refresh_without_news_costs_two_looks()
    {
        await _table.FillAsync(20);
        Snapshot before = await _table.LoadAsync();
        _table.Storage.Reset();

        (await _table.RefreshAsync(before)).Should().BeSameAs(before);
        _table.Storage.Read.Should().BeEmpty();
        _table.Storage.Listed.Should().BeEmpty();
        _table.Storage.Stats.Should().Be(2);
    }

    [Fact]
    public async Task A_refresh_finds_its_way_when_the_log_was_cleaned_up()
    {
        await _table.FillAsync(3);
        Snapshot before = await _table.LoadAsync();
        await _table.FillAsync(9);
        await _table.CheckpointAsync(7);
        for (long version = 0; version < 7; version++)
        {
            await _table.DropCommitAsync(version);
        }

        Snapshot after = await _table.RefreshAsync(before);
        after.Version.Should().Be(8);
        after.FileCount.Should().Be(9);
    }

    [Fact]
    public async Task A_refresh_refuses_a_feature_that_came_with_a_commit()
    {
        await _table.FillAsync(2);
        Snapshot before = await _table.LoadAsync();
        await _table.CommitAsync(new ProtocolAction
        {
            MinReaderVersion = 3, MinWriterVersion = 7, ReaderFeatures = ["teleport"], WriterFeatures = ["teleport"],
        });

        (await _table.Invoking(table => table.RefreshAsync(before)).Should().ThrowAsync<UnsupportedFeatureException>())
            .WithMessage("*teleport*");
    }

    [Theory]
    [InlineData("protocol")]
    [InlineData("metaData")]
    public async Task A_log_without_protocol_or_metadata_is_damaged(string missing)
    {
        await _table.CommitAsync(missing == "protocol" ? TestLog.Metadata : TestLog.Protocol, TestLog.Add("a"));

        (await _table.Invoking(table => table.LoadAsync()).Should().ThrowAsync<CorruptTableException>()).WithMessage($"*no {missing} action*");
    }

    [Fact]
    public async Task A_broken_line_is_named_with_its_file()
    {
        await _table.FillAsync(2);
        await _table.Storage.PutAsync(LogPaths.Commit(1), "{\"txn\":{\"appId\":\"a\",\"version\":1}}\n{\"add\":"u8.ToArray());

        (await _table.Invoking(table => table.LoadAsync()).Should().ThrowAsync<CorruptTableException>())
            .WithMessage("*Line 2 of '_delta_log/00000000000000000001.json'*");
    }

    [Fact]
    public async Task No_table_is_said_to_be_none()
    {
        (await _table.Invoking(table => table.LoadAsync()).Should().ThrowAsync<LakehouseException>())
            .Which.ErrorCode.Should().Be(ErrorCodes.TableNotFound);
    }

    [Fact]
    public async Task A_checkpoint_in_json_with_sidecars_is_read()
    {
        await _table.FillAsync(4);
        string path = $"{LogPaths.Stem(2)}.checkpoint.{Uuid}.json";
        await _table.Storage.PutAsync(path, ActionJson.WriteCommit(
            [
                new CheckpointMetadata(2), TestLog.Protocol, TestLog.Metadata,
                new SidecarFile("a%20b.parquet", 1, 1), new SidecarFile("c.parquet", 1, 1),
            ]));
        await _table.Storage.PutAsync("_delta_log/_sidecars/a b.parquet", ActionJson.WriteCommit([TestLog.Add("file-0"), TestLog.Add("file-1")]));
        await _table.Storage.PutAsync("_delta_log/_sidecars/c.parquet", ActionJson.WriteCommit([TestLog.Add("file-2")]));
        await _table.DropCommitAsync(0);

        (await _table.LoadAsync()).Files.Select(file => file.Path).Should().Equal("file-0", "file-1", "file-2", "file-3");
    }

    [Theory]
    [InlineData("../00000000000000000000.json")]
    [InlineData("%2e%2e%2fx.parquet")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    public async Task A_sidecar_elsewhere_is_refused(string sidecar)
    {
        await _table.FillAsync(2);
        await _table.Storage.PutAsync(
            $"{LogPaths.Stem(1)}.checkpoint.{Uuid}.json",
            ActionJson.WriteCommit([new CheckpointMetadata(1), TestLog.Protocol, TestLog.Metadata, new SidecarFile(sidecar, 1, 1)]));

        (await _table.Invoking(table => table.LoadAsync()).Should().ThrowAsync<LakehouseException>())
            .Which.ErrorCode.Should().Be(ErrorCodes.PathNotAllowed);
    }

    [Fact]
    public async Task Commit_info_and_time_survive_a_checkpoint()
    {
        await _table.FillAsync(2);
        _time.Milliseconds += 5000;
        await _table.CommitAsync(new CommitInfo { Operation = "THIRD" });
        _time.Milliseconds += 5000;
        await _table.CheckpointAsync(2);

        Snapshot snapshot = await _table.LoadAsync();
        snapshot.CommitInfo!.Operation.Should().Be("THIRD");
        snapshot.Timestamp.Should().Be(_time.Milliseconds - 5000);
    }

    [Fact]
    public async Task A_moment_leads_to_the_version_of_then()
    {
        long start = _time.Milliseconds;
        await _table.FillAsync(1);
        for (int i = 1; i < 6; i++)
        {
            _time.Milliseconds = start + (i * 1000);
            await _table.CommitAsync(TestLog.Add($"x{i}"));
        }

        VersionTimeline timeline = new(_table.Log, await _table.LoadAsync());
        (await timeline.VersionAtAsync(start, CancellationToken.None)).Should().Be(0);
        (await timeline.VersionAtAsync(start + 2999, CancellationToken.None)).Should().Be(2);
        (await timeline.VersionAtAsync(start + 3000, CancellationToken.None)).Should().Be(3);
        (await timeline.VersionAtAsync(start + 999_999, CancellationToken.None)).Should().Be(5);
        (await timeline.Invoking(t => t.VersionAtAsync(start - 1, CancellationToken.None)).Should().ThrowAsync<LakehouseException>())
            .Which.ErrorCode.Should().Be(ErrorCodes.VersionNotFound);
    }

    [Fact]
    public async Task Moments_go_by_in_commit_timestamps_once_they_are_on()
    {
        long start = _time.Milliseconds;
        await _table.FillAsync(3);
        await _table.CommitAsync(
            new CommitInfo { InCommitTimestamp = start + 10_000 },
            TestLog.Metadata with
            {
                Configuration = new Dictionary<string, string>
                {
                    ["delta.enableInCommitTimestamps"] = "true",
                    ["delta.inCommitTimestampEnablementVersion"] = "3",
                },
            });
        await _table.CommitAsync(new CommitInfo { InCommitTimestamp = start + 20_000 });
        await _table.CommitAsync(new CommitInfo { InCommitTimestamp = start + 30_000 });

        VersionTimeline timeline = new(_table.Log, await _table.LoadAsync());
        (await timeline.VersionAtAsync(start + 1, CancellationToken.None)).Should().Be(1, "times of files are raised to be distinct");
        (await timeline.VersionAtAsync(start + 9999, CancellationToken.None)).Should().Be(2);
        (await timeline.VersionAtAsync(start + 10_000, CancellationToken.None)).Should().Be(3);
        (await timeline.VersionAtAsync(start + 29_999, CancellationToken.None)).Should().Be(4);
        (await timeline.VersionAtAsync(start + 30_000, CancellationToken.None)).Should().Be(5);
    }
}
