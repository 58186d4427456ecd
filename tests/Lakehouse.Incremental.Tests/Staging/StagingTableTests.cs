using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests.Staging;

public sealed class StagingTableTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task A_position_is_staged_once_however_often_it_is_offered()
    {
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_storage, Orders.Events);

        StagingResult first = await staging.AppendAsync(Orders.Batch("a 1 open", "b 1 open"), new SourcePosition("shop", 0, 7));
        StagingResult again = await staging.AppendAsync(Orders.Batch("a 1 open", "b 1 open"), new SourcePosition("shop", 0, 7));
        StagingResult earlier = await staging.AppendAsync(Orders.Batch("z 1 open"), new SourcePosition("shop", 0, 6));
        StagingTable reopened = await StagingTable.CreateOrOpenAsync(_storage, Orders.Events);
        StagingResult afterReopen = await reopened.AppendAsync(Orders.Batch("a 1 open", "b 1 open"), new SourcePosition("shop", 0, 7));

        first.Should().Be(new StagingResult(false, 1, 2));
        again.Should().Be(new StagingResult(true, 1, 0));
        earlier.AlreadyStaged.Should().BeTrue();
        afterReopen.AlreadyStaged.Should().BeTrue();
        reopened.Table.CurrentSnapshot.RowCount.Should().Be(2);
        reopened.LastOffset("shop", 0).Should().Be(7);
    }

    [Fact]
    public async Task Partitions_and_sources_have_offsets_of_their_own()
    {
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_storage, Orders.Events);
        await staging.AppendAsync(Orders.Batch("a 1 open"), new SourcePosition("shop", 0, 7));

        (await staging.AppendAsync(Orders.Batch("a 2 open"), new SourcePosition("shop", 1, 0))).AlreadyStaged.Should().BeFalse();
        (await staging.AppendAsync(Orders.Batch("a 3 open"), new SourcePosition("web", 0, 0))).AlreadyStaged.Should().BeFalse();
        staging.LastOffset("shop", 1).Should().Be(0);
        staging.LastOffset("shop", 2).Should().BeNull();
    }

    [Fact]
    public async Task Each_event_carries_its_lineage()
    {
        FixedTime time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_storage, Orders.Events, new DeltaTableOptions { TimeProvider = time });
        await staging.AppendAsync(Orders.Batch("a 1 open"), new SourcePosition("shop", 3, 41));

        List<string> lineage = [];
        await foreach (RecordBatch rows in staging.Table.ReadAsync(["__source", "__source_partition", "__source_offset", "__ingest_time", "__source_columns"]))
        {
            lineage.Add(string.Join('|', rows.Arrays.Select(a => CellText.Format(a, 0))));
        }

        lineage.Should().Equal("""shop|3|41|2026-01-02T03:04:05Z|["id","seq","status","note","op"]""");
        staging.EventSchema.FieldsList.Select(f => f.Name).Should().Equal("id", "seq", "status", "note", "op");
    }

    [Fact]
    public async Task A_column_of_another_type_is_refused()
    {
        await StagingTable.CreateOrOpenAsync(_storage, Orders.Events);
        Schema other = new([.. Orders.Events.FieldsList.Select(f => f.Name == "note" ? new Field("note", Int64Type.Default, true) : f)], null);

        Func<Task> open = () => StagingTable.CreateOrOpenAsync(_storage, other);

        (await open.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
    }

    [Fact]
    public async Task Reserved_columns_are_refused()
    {
        Schema reserved = new([new Field("id", StringType.Default, true), new Field("__source", StringType.Default, true)], null);

        Func<Task> create = () => StagingTable.CreateOrOpenAsync(_storage, reserved);

        (await create.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.ReservedColumn);
    }

    [Fact]
    public async Task Events_that_do_not_fit_leave_no_trace()
    {
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_storage, Orders.Events);
        RecordBatch unknown = new(new Schema([new Field("surprise", Int64Type.Default, true)], null), [new Int64Array.Builder().Append(1).Build()], 1);

        Func<Task> append = () => staging.AppendAsync(unknown, new SourcePosition("shop", 0, 1));

        (await append.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        (await staging.Table.RefreshAsync()).Version.Should().Be(0);
        staging.LastOffset("shop", 0).Should().BeNull();
    }

    [Fact]
    public async Task An_empty_batch_still_moves_the_position()
    {
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_storage, Orders.Events);

        StagingResult empty = await staging.AppendAsync(Orders.Batch(), new SourcePosition("shop", 0, 1));

        empty.Rows.Should().Be(0);
        staging.LastOffset("shop", 0).Should().Be(1);
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
