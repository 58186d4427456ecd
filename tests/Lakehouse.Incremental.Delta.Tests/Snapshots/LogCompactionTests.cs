using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Snapshots;

public sealed class LogCompactionTests
{
    private readonly ManualTime _time = new();
    private readonly TestLog _table;

    public LogCompactionTests() => _table = new TestLog(_time);

    [Fact]
    public async Task Compactions_are_read_in_place_of_their_commits()
    {
        await FillAsync();
        await CompactAsync(1, 3);
        await CompactAsync(1, 5);
        Snapshot replayed = await _table.LoadAsync(6);
        _table.Storage.Reset();

        Snapshot snapshot = await _table.LoadAsync();

        snapshot.Version.Should().Be(7);
        _table.Storage.Read.Should().Equal(LogPaths.LastCheckpoint, LogPaths.Commit(0), Name(1, 5), LogPaths.Commit(6), LogPaths.Commit(7));
        snapshot.Files.Select(static file => file.Path).Should().Equal("file-0", "file-3", "file-4", "file-5", "file-6", "file-7");
        snapshot.Tombstones.Select(static remove => remove.Path).Should().BeEquivalentTo("file-1", "file-2");
        snapshot.RowCount.Should().Be(6);
        replayed.FileCount.Should().Be(5);
    }

    [Fact]
    public async Task A_version_within_or_at_the_end_of_a_compaction_has_its_own_commit_info()
    {
        await FillAsync();
        await CompactAsync(1, 5);
        for (long version = 0; version <= 7; version++)
        {
            Snapshot snapshot = await _table.LoadAsync(version);
            snapshot.Version.Should().Be(version);
            snapshot.CommitInfo!.Operation.Should().Be($"op {version}");
            snapshot.Timestamp.Should().Be(_time.Milliseconds - ((7 - version) * 1000));
        }
    }

    [Fact]
    public async Task A_damaged_compaction_is_passed_over()
    {
        await FillAsync();
        await _table.Storage.PutAsync(Name(1, 5), "{\"add\":"u8.ToArray());
        (await _table.LoadAsync()).FileCount.Should().Be(6);
    }

    [Fact]
    public async Task A_compaction_that_begins_before_a_checkpoint_is_not_needed()
    {
        await FillAsync();
        await _table.CheckpointAsync(2);
        await _table.Storage.PutAsync(Name(1, 5), "damaged"u8.ToArray());
        await CompactAsync(3, 4);
        _table.Storage.Reset();
        (await _table.LoadAsync()).FileCount.Should().Be(6);
        _table.Storage.Read.Should().Contain(Name(3, 4)).And.NotContain(Name(1, 5)).And.NotContain(LogPaths.Commit(3));
    }

    // Version v adds file-v; version 3 removes file-1 and file-2.
    private async Task FillAsync()
    {
        for (int version = 0; version < 8; version++)
        {
            _time.Milliseconds += 1000;
            DeltaAction[] start = version == 0 ? [TestLog.Protocol, TestLog.Metadata] : [];
            DeltaAction[] removes = version == 3 ? [Removed("file-1"), Removed("file-2")] : [];
            await _table.CommitAsync([new CommitInfo { Operation = $"op {version}" }, .. start, .. removes, TestLog.Add($"file-{version}")]);
        }
    }

    private async Task CompactAsync(long first, long last)
    {
        Dictionary<string, DeltaAction> newest = [];
        for (long version = first; version <= last; version++)
        {
            foreach (DeltaAction action in await _table.Log.ReadCommitAsync(version, CancellationToken.None))
            {
                _ = action switch
                {
                    AddFile add => newest[add.Path] = add,
                    RemoveFile remove => newest[remove.Path] = remove,
                    _ => action,
                };
            }
        }

        await _table.Storage.PutAsync(Name(first, last), ActionJson.WriteCommit(newest.Values));
    }

    private static RemoveFile Removed(string path) => RemoveFile.Of(TestLog.Add(path), 1, dataChange: true);

    private static string Name(long first, long last) => $"_delta_log/{first:D20}.{last:D20}.compacted.json";
}
