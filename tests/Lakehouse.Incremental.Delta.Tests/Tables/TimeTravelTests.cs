using Apache.Arrow;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Tables;

public class TimeTravelTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Every_version_stays_readable()
    {
        DeltaTable table = await NewAsync();
        for (long version = 0; version <= 4; version++)
        {
            long[] expected = version switch { 0 => [], 1 => [1, 2], 2 => [1, 2, 3], 3 => [2, 3], _ => [9] };
            (await table.IdsAsync(version)).Should().Equal(expected);
            (await table.SnapshotAtAsync(version)).RowCount.Should().Be(expected.Length);
        }

        (await Kit.CodeOfAsync(() => table.IdsAsync(5))).Should().Be(ErrorCodes.VersionNotFound);
    }

    [Fact]
    public async Task A_moment_leads_to_the_last_version_before_it()
    {
        DeltaTable table = await NewAsync();
        IReadOnlyList<TableVersion> history = await table.HistoryAsync();
        foreach (TableVersion version in history)
        {
            (await table.VersionAtAsync(version.Timestamp)).Should().Be(version.Version);
            (await table.VersionAtAsync(version.Timestamp.AddTicks(1))).Should().Be(version.Version);
        }

        (await table.VersionAtAsync(history[0].Timestamp.AddDays(1))).Should().Be(4);
        DateTimeOffset before = history[^1].Timestamp.AddMilliseconds(-1);
        (await Kit.CodeOfAsync(() => table.VersionAtAsync(before))).Should().Be(ErrorCodes.VersionNotFound);
        List<Apache.Arrow.RecordBatch> read = await table.ReadAsync(new ReadOptions { Timestamp = history[1].Timestamp }).ListAsync();
        read.SelectMany(static batch => Kit.Longs(batch, "id")).Order().Should().Equal(2, 3);
    }

    [Fact]
    public async Task In_commit_timestamps_hold_after_the_log_was_copied()
    {
        ManualTime time = new();
        InMemoryTableStorage storage = new(time);
        DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema, Kit.WithChanges, new() { TimeProvider = time });
        await StepAsync(() => table.AppendAsync(Kit.Rows(1)));
        await StepAsync(() => table.SetPropertiesAsync(new Dictionary<string, string?> { ["delta.enableInCommitTimestamps"] = "true" }));
        long committed = time.Milliseconds;
        await StepAsync(() => table.AppendAsync(Kit.Rows(2)));

        // All files are younger than the commits now.
        time.Milliseconds += 1_000_000;
        InMemoryTableStorage copy = new(time);
        foreach (string path in await Kit.FilesAsync(storage, ""))
        {
            await copy.PutAsync(path, await storage.ReadAsync(path));
        }

        DeltaTable copied = await DeltaTable.OpenAsync(copy, new() { TimeProvider = time });
        copied.CurrentSnapshot.Timestamp.Should().Be(committed);
        (await copied.HistoryAsync(1)).Single().Timestamp.ToUnixTimeMilliseconds().Should().Be(committed);
        List<RecordBatch> changes = await copied.ReadChangesAsync(1, 3).ListAsync();
        ((TimestampArray)changes[^1].Column("_commit_timestamp")).GetTimestamp(0)!.Value.ToUnixTimeMilliseconds().Should().Be(committed);

        async Task StepAsync(Func<Task> commit)
        {
            await commit();
            time.Milliseconds += 1000;
        }
    }

    [Fact]
    public async Task The_history_tells_what_was_done()
    {
        DeltaTable table = await NewAsync();
        IReadOnlyList<TableVersion> history = await table.HistoryAsync();
        history.Select(static version => version.Version).Should().Equal(4, 3, 2, 1, 0);
        history.Select(static version => version.Operation).Should().Equal("WRITE", "DELETE", "WRITE", "WRITE", "CREATE TABLE");
        history[0].OperationParameters.Should().Contain("mode", "Overwrite").And.Contain("partitionBy", "[]");
        history[2].OperationMetrics.Should().Contain("numOutputRows", "1");
        history[2].IsBlindAppend.Should().BeTrue();
        history[0].IsBlindAppend.Should().BeFalse();
        history[0].ReadVersion.Should().Be(3);
        (await table.HistoryAsync(2)).Select(static version => version.Version).Should().Equal(4, 3);
        (await table.HistoryAsync(0)).Should().BeEmpty();
    }

    [Fact]
    public async Task Version_and_moment_exclude_each_other()
    {
        DeltaTable table = await NewAsync();
        Action act = () => table.ReadAsync(new ReadOptions { Version = 1, Timestamp = DateTimeOffset.UnixEpoch });
        act.Should().Throw<ArgumentException>();
    }

    private async Task<DeltaTable> NewAsync()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1, 2));
        await table.AppendAsync(Kit.Rows(3));
        await table.DeleteAsync(static id => id == 1);
        await table.OverwriteAsync(Kit.Rows(9));
        return table;
    }
}
