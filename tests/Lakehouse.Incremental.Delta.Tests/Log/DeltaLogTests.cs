using System.Text;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Log;

public sealed class DeltaLogTests
{
    private readonly TestLog _table = new();

    [Fact]
    public async Task An_empty_place_is_no_table()
    {
        (await ListAsync()).Should().BeNull();
        await FailsAsync(ErrorCodes.TableNotFound, () => _table.Log.LatestVersionAsync(CancellationToken.None));

        await _table.Storage.PutAsync("_delta_log/readme.txt", "x"u8.ToArray());
        (await ListAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Without_a_checkpoint_all_commits_are_read()
    {
        await _table.FillAsync(4);

        LogSegment segment = (await ListAsync())!;
        segment.Checkpoint.Should().BeNull();
        segment.Commits.Select(file => file.Path).Should().Equal(Enumerable.Range(0, 4).Select(version => LogPaths.Commit(version)));
        (await ListAsync(2))!.Commits.Should().HaveCount(3);
        (await _table.Log.LatestVersionAsync(CancellationToken.None)).Should().Be(3);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{\"version\":8")]
    [InlineData("[8]")]
    [InlineData("{\"version\":\"8\"}")]
    [InlineData("{\"version\":-1}")]
    [InlineData("{\"version\":1e400}")]
    [InlineData("{\"size\":3}")]
    [InlineData("{\"version\":8,\"size\":3}")]
    [InlineData("{\"version\":4,\"size\":3}")]
    [InlineData("{\"version\":5,\"size\":3}")]
    [InlineData("{\"version\":10,\"size\":3}")]
    [InlineData("{\"version\":9223372036854775807,\"size\":3}")]
    public async Task The_hint_never_changes_the_result(string? hint)
    {
        await _table.FillAsync(12);
        await _table.CheckpointAsync(4);
        await _table.CheckpointAsync(8);
        if (hint is not null)
        {
            await _table.HintAsync(hint);
        }

        await ExpectAsync(null, checkpoint: 8, version: 11);
        await ExpectAsync(8, checkpoint: 8, version: 8);
        await ExpectAsync(7, checkpoint: 4, version: 7);
        await ExpectAsync(3, checkpoint: null, version: 3);
    }

    [Fact]
    public async Task With_a_hint_only_the_end_of_the_log_is_listed()
    {
        await _table.FillAsync(30);
        await _table.CheckpointAsync(25);
        await _table.HintAsync("{\"version\":25,\"size\":3}");
        _table.Storage.Reset();
        await ListAsync();

        _table.Storage.Listed.Should().NotContain(LogPaths.Commit(24)).And.Contain(LogPaths.Commit(25));
    }

    [Fact]
    public async Task A_checkpoint_with_a_missing_part_is_not_used()
    {
        await _table.FillAsync(12);
        await _table.CheckpointAsync(4);
        await _table.CheckpointAsync(8, parts: 3);
        (await ListAsync())!.Checkpoint!.Paths.Should().Equal(TestLog.Part(8, 1, 3), TestLog.Part(8, 2, 3), TestLog.Part(8, 3, 3));

        await _table.Storage.DeleteAsync(TestLog.Part(8, 2, 3));
        await _table.HintAsync("{\"version\":8,\"size\":3,\"parts\":3}");
        await ExpectAsync(null, checkpoint: 4, version: 11);
    }

    [Fact]
    public async Task Of_several_checkpoints_of_a_version_the_single_file_is_preferred()
    {
        await _table.FillAsync(6);
        await _table.CheckpointAsync(4, parts: 2);
        await _table.CheckpointAsync(4);
        await _table.Storage.PutAsync($"{LogPaths.Stem(4)}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet", "x"u8.ToArray());

        (await ListAsync())!.Checkpoint!.Paths.Should().Equal(LogPaths.Checkpoint(4));
    }

    [Fact]
    public async Task A_cleaned_up_log_starts_with_its_checkpoint()
    {
        await _table.FillAsync(8);
        await _table.CheckpointAsync(5);
        for (long version = 0; version < 6; version++)
        {
            await _table.DropCommitAsync(version);
        }

        LogSegment segment = (await ListAsync())!;
        segment.Version.Should().Be(7);
        segment.CheckpointCommit.Should().BeNull();
        await FailsAsync(ErrorCodes.VersionNotFound, () => ListAsync(4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task A_gap_is_damage(long missing)
    {
        await _table.FillAsync(8);
        await _table.DropCommitAsync(missing);

        (await FailsAsync(ErrorCodes.CorruptLog, () => ListAsync())).Should().BeOfType<CorruptTableException>()
            .Which.Message.Should().Contain($"commit {missing} is missing");
    }

    [Fact]
    public async Task A_gap_before_the_checkpoint_does_no_harm()
    {
        await _table.FillAsync(8);
        await _table.CheckpointAsync(5);
        await _table.DropCommitAsync(3);

        await ExpectAsync(null, checkpoint: 5, version: 7);
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_said_to_be_missing()
    {
        await _table.FillAsync(3);

        await FailsAsync(ErrorCodes.VersionNotFound, () => ListAsync(3));
        await FailsAsync(ErrorCodes.VersionNotFound, () => _table.Log.ReadCommitAsync(3, CancellationToken.None));
        (await _table.Log.StatCommitAsync(3, CancellationToken.None)).Should().BeNull();
        (await _table.Log.StatCommitAsync(2, CancellationToken.None)).Should().NotBeNull();
    }

    [Fact]
    public async Task A_commit_is_written_with_its_info_first()
    {
        CommitOutcome outcome = await TryAsync(0, TestLog.Protocol, TestLog.Metadata, new CommitInfo { TxnId = "t" });

        byte[] content = await _table.Storage.ReadAsync(LogPaths.Commit(0));
        outcome.Should().Be(new CommitOutcome.Committed(0, content.Length));
        Encoding.UTF8.GetString(content).Should().StartWith("{\"commitInfo\":").And.EndWith("}\n");
    }

    [Fact]
    public async Task A_version_that_stands_is_a_lost_race()
    {
        await TryAsync(0, new CommitInfo { TxnId = "theirs" });

        (await TryAsync(0, new CommitInfo { TxnId = "ours" })).Should().Be(new CommitOutcome.LostRace(0));
        (await TryAsync(0, new CommitInfo())).Should().Be(new CommitOutcome.LostRace(0));
    }

    [Fact]
    public async Task A_commit_whose_answer_got_lost_is_recognised_as_ours()
    {
        _table.Storage.LoseNextAnswer = true;

        (await TryAsync(0, new CommitInfo { TxnId = "ours" })).Should().BeOfType<CommitOutcome.Committed>();
    }

    private Task<LogSegment?> ListAsync(long? version = null) => _table.Log.ListAsync(version, CancellationToken.None);

    private Task<CommitOutcome> TryAsync(long version, params DeltaAction[] actions) =>
        _table.Log.TryCommitAsync(version, actions, CancellationToken.None);

    private async Task ExpectAsync(long? asked, long? checkpoint, long version)
    {
        LogSegment segment = (await ListAsync(asked))!;
        segment.Checkpoint?.Version.Should().Be(checkpoint);
        (segment.Checkpoint is null).Should().Be(checkpoint is null);
        segment.Version.Should().Be(version);
        segment.Commits.Should().HaveCount((int)(version - (checkpoint ?? -1)));
        segment.CheckpointCommit?.Path.Should().Be(LogPaths.Commit(checkpoint!.Value));
    }

    private static async Task<LakehouseException> FailsAsync(string code, Func<Task> call)
    {
        LakehouseException error = (await call.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(code);
        return error;
    }
}
