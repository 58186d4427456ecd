using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Tests.Maintenance;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Log;

public sealed class LogCleanUpTests
{
    private readonly TimedTable _timed = new();

    [Fact]
    public async Task Everything_before_the_newest_expired_checkpoint_goes()
    {
        DeltaTable table = await FillAsync(days: 5, versions: 14, ("delta.enableExpiredLogCleanup", "false"));
        await _timed.Storage.PutAsync("_delta_log/00000000000000000004.00000000000000000005.compacted.json", new byte[] { 1 });
        await _timed.Storage.PutAsync("_delta_log/00000000000000000009.00000000000000000010.compacted.json", new byte[] { 1 });

        // Version 7 is 35 days old by now, version 8 is 30, so the checkpoint of version 8 is kept.
        LogCleanUpResult result = await table.CleanUpLogAsync();

        result.OldestVersion.Should().Be(8);
        List<string> left = await _timed.PathsAsync();
        left.Where(static path => LogPaths.Parse(path).Kind == LogFileKind.Commit).Should().Equal(Enumerable.Range(8, 7).Select(static v => LogPaths.Commit(v)));
        left.Should().Contain(LogPaths.Checkpoint(8)).And.NotContain(LogPaths.Checkpoint(4)).And.Contain(LogPaths.Checksum(8)).And.NotContain(LogPaths.Checksum(7));
        left.Where(static path => path.Contains(".compacted.")).Should().ContainSingle().Which.Should().Contain("00000000000000000009.");
        (await (await _timed.OpenAsync()).IdsAsync()).Should().Equal(await table.IdsAsync());
        (await (await _timed.OpenAsync()).IdsAsync(8)).Should().HaveCount(8);
        LakehouseException gone = (await table.Invoking(static t => t.SnapshotAtAsync(7)).Should().ThrowAsync<LakehouseException>()).Which;
        gone.ErrorCode.Should().Be(ErrorCodes.VersionNotFound);
        gone.Message.Should().Contain("not in the log any more");
        (await table.CleanUpLogAsync()).FilesDeleted.Should().Be(0);
    }

    [Fact]
    public async Task Commits_clean_up_after_a_checkpoint_unless_told_not_to()
    {
        await FillAsync(days: 5, versions: 16);
        (await _timed.PathsAsync()).Should().NotContain(LogPaths.Commit(7)).And.Contain(LogPaths.Commit(8));
    }

    [Fact]
    public async Task A_log_without_an_old_checkpoint_is_left_alone()
    {
        DeltaTable table = await FillAsync(days: 1, versions: 9);
        (await table.CleanUpLogAsync()).Should().Be(new LogCleanUpResult(0, 0, null));
        (await table.IdsAsync(1)).Should().HaveCount(1);
    }

    [Fact]
    public async Task A_damaged_checkpoint_costs_no_commits()
    {
        DeltaTable table = await FillAsync(days: 5, versions: 14, ("delta.enableExpiredLogCleanup", "false"));
        await _timed.Storage.PutAsync(LogPaths.Checkpoint(8), "damaged"u8.ToArray());
        (await table.CleanUpLogAsync()).OldestVersion.Should().Be(4);
        (await (await _timed.OpenAsync()).IdsAsync(9)).Should().HaveCount(9);
    }

    [Fact]
    public async Task Sidecars_stay_as_long_as_a_checkpoint_names_them()
    {
        (string, string)[] v2 = [("delta.feature.v2Checkpoint", "supported"), ("delta.checkpointPolicy", "v2"), ("delta.enableExpiredLogCleanup", "false")];
        DeltaTable table = await FillAsync(days: 5, versions: 14, v2);
        await _timed.Storage.PutAsync(LogPaths.Sidecars + "/young.parquet", new byte[] { 1 });
        List<string> before = await SidecarsAsync();
        before.Should().HaveCount(4);

        await table.CleanUpLogAsync();

        (await SidecarsAsync()).Should().HaveCount(3, "those of versions 8 and 12, and one that is young").And.BeSubsetOf(before);
        (await (await _timed.OpenAsync()).IdsAsync(8)).Should().HaveCount(8);

        async Task<List<string>> SidecarsAsync() => [.. (await _timed.PathsAsync()).Where(static path => path.StartsWith(LogPaths.Sidecars))];
    }

    [Fact]
    public async Task A_crash_at_any_step_leaves_a_log_that_reads()
    {
        for (int step = 0; ; step++)
        {
            TimedTable timed = new();
            await FillAsync(timed, 5, 14, ("delta.enableExpiredLogCleanup", "false"));
            CrashingStorage crashing = new(timed.Storage, step, afterEffect: true);
            DeltaTable doomed = await timed.OpenAsync(crashing);
            await Record.ExceptionAsync(() => doomed.CleanUpLogAsync());

            DeltaTable reopened = await timed.OpenAsync();
            (await reopened.IdsAsync()).Should().HaveCount(14);
            for (int version = 0; version < 14; version++)
            {
                string? code = (await Record.ExceptionAsync(() => reopened.IdsAsync(version)) as LakehouseException)?.ErrorCode;
                code.Should().Be(version >= 8 || code is null ? null : ErrorCodes.VersionNotFound);
            }

            if (!crashing.Crashed)
            {
                step.Should().BeGreaterThan(10);
                return;
            }
        }
    }

    private Task<DeltaTable> FillAsync(int days, int versions, params (string Key, string Value)[] properties) => FillAsync(_timed, days, versions, properties);

    private static async Task<DeltaTable> FillAsync(TimedTable timed, int days, int versions, params (string Key, string Value)[] properties)
    {
        Dictionary<string, string> all = properties.ToDictionary(static p => p.Key, static p => p.Value);
        all["delta.checkpointInterval"] = "4";
        DeltaTable table = await timed.CreateAsync(new() { Properties = all });
        for (int i = 0; i < versions; i++)
        {
            timed.Pass(days);
            await table.AppendAsync(Kit.Rows(i));
        }

        return table;
    }
}
