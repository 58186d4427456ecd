using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.RowTracking;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.RowTracking;

public sealed class RowTrackingTests
{
    private static readonly DeltaTableCreateOptions s_tracked = new()
    {
        Properties = new Dictionary<string, string> { ["delta.enableRowTracking"] = "true" },
    };

    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Each_file_gets_the_next_free_ids_and_the_version_it_came_with()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, s_tracked);
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        await table.AppendAsync(Kit.Rows(4));
        table.CurrentSnapshot.Files.Select(static f => (f.BaseRowId, f.DefaultRowCommitVersion)).Should().BeEquivalentTo([(0L, 1L), (3L, 2L)]);
        table.CurrentSnapshot.Domain(RowIds.Domain).Should().Be("""{"rowIdHighWaterMark":3}""");
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Contain(["rowTracking", "domainMetadata"]);
        table.CurrentSnapshot.CommitInfo!.Tags!["delta.rowTracking.preserved"]!.ToString().Should().Be("true");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"rowIdHighWaterMark":"3"}""")]
    [InlineData("""{"rowIdHighWaterMark":3,"rowIdHighWaterMark":4}""")]
    public async Task A_mark_that_cannot_be_read_is_a_damaged_log(string mark)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, s_tracked);
        CommitInfo info = new() { Operation = "TEST" };
        byte[] commit = ActionJson.WriteCommit([info, new DomainMetadata(RowIds.Domain, mark, false)]);
        await _storage.PutAsync(LogPaths.Commit(1), commit);
        (await Kit.CodeOfAsync(() => table.AppendAsync(Kit.Rows(1)))).Should().Be(ErrorCodes.CorruptLog);
    }

    [Fact]
    public async Task A_deletion_vector_leaves_the_ids_of_its_file()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, s_tracked);
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        await table.DeleteAsync(static id => id == 2);
        AddFile file = table.CurrentSnapshot.Files.Single();
        (file.BaseRowId, file.DefaultRowCommitVersion).Should().Be((0L, 1L));
        (await IdentitiesAsync(table)).Should().Equal((1, 0, 1), (3, 2, 1));
    }

    [Fact]
    public async Task Compaction_keeps_the_id_and_version_of_every_row_however_often()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, s_tracked);
        for (int i = 0; i < 8; i++)
        {
            await table.AppendAsync(Kit.Rows(2 * i, (2 * i) + 1));
        }

        await table.DeleteAsync(static id => id == 5);
        (int Id, long RowId, long Version)[] before = await IdentitiesAsync(table);
        before.Should().HaveCount(15);
        for (int round = 0; round < 2; round++)
        {
            (await Compaction.StepAsync(table, new CompactionPolicy { Factor = 2 }, CancellationToken.None)).Should().NotBeNull();
            (await IdentitiesAsync(table)).Should().Equal(before);
            await table.AppendAsync(Kit.Rows(100 + round));
            before = await IdentitiesAsync(table);
        }

        before.Select(static row => row.RowId).Should().OnlyHaveUniqueItems();
        (await (await DeltaTable.OpenAsync(_storage)).IdsAsync()).Should().HaveCount(17);
    }

    [Fact]
    public async Task Turning_it_on_gives_ids_to_the_files_that_are_there()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1, 2));
        await table.AppendAsync(Kit.Rows(3));
        await table.SetPropertiesAsync(new Dictionary<string, string?> { ["delta.enableRowTracking"] = "true" });
        (await IdentitiesAsync(table)).Select(static row => row.RowId).Should().BeEquivalentTo([0L, 1L, 2L]);
    }

    [Fact]
    public async Task A_file_that_does_not_tell_its_rows_stands_in_the_way_of_turning_it_on()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1));
        AddFile silent = table.CurrentSnapshot.Files.Single() with { Stats = null };
        await table.Log.TryCommitAsync(2, [new CommitInfo { Operation = "FOREIGN" }, silent], CancellationToken.None);
        (await Kit.CodeOfAsync(() => table.SetPropertiesAsync(new Dictionary<string, string?> { ["delta.enableRowTracking"] = "true" })))
            .Should().Be(ErrorCodes.InvalidConfiguration);
    }

    private static async Task<(int Id, long RowId, long Version)[]> IdentitiesAsync(DeltaTable table)
    {
        Snapshot snapshot = table.CurrentSnapshot;
        List<(int, long, long)> rows = [];
        foreach (AddFile file in snapshot.Files)
        {
            DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None);
            foreach (RecordBatch batch in await LiveRows.ReadToMoveAsync(table, snapshot, file, deleted, CancellationToken.None))
            {
                Int64Array id = (Int64Array)batch.Column(batch.ColumnCount - 2);
                Int64Array version = (Int64Array)batch.Column(batch.ColumnCount - 1);
                rows.AddRange(Kit.Longs(batch, "id").Select((key, i) => ((int)key, id.GetValue(i)!.Value, version.GetValue(i)!.Value)));
            }
        }

        return [.. rows.Order()];
    }
}
