using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests.Quarantine;

/// <summary>Events that cannot be merged fail their batch, or are set apart where the flow says so; none is lost, none comes twice.</summary>
public sealed class QuarantineTests
{
    private static readonly RecordBatch s_mixed = Orders.Batch("a 1 open", "_ 2 open", "b _ open", "c 3 paid note", "_ _ x");

    private readonly InMemoryTableStorage _storage = new();
    private readonly InMemoryTableStorage _kept = new();

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task Invalid_events_are_kept_as_they_came_and_the_others_are_merged(ScdType scdType)
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(_kept, Orders.Events);
        MergeFlow flow = Orders.Flow(scdType).QuarantineTo(quarantine).Build();
        DeltaTable table = await Orders.TableAsync(flow, _storage);
        MergeResult result = await flow.ApplyAsync(s_mixed, table);

        (result.RowsIn, result.Applied, result.Quarantined).Should().Be((5, 2, 3));
        result.ToString().Should().Contain("3 quarantined");
        (await Orders.RowsAsync(table)).Select(static row => row[..1]).Should().Equal("a", "c");
        (await KeptAsync(quarantine)).Should().Equal("NULL_KEY id null 2 open u", "NULL_KEY id null null x u", "NULL_SEQUENCE seq b null open u");
        table.CurrentSnapshot.CommitInfo!.UserMetadata.Should().Contain("\"quarantined\":3");
    }

    [Fact]
    public async Task Without_a_quarantine_the_batch_fails_and_nothing_is_written()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _storage);
        await FluentActions.Awaiting(() => flow.ApplyAsync(s_mixed, table)).Should().ThrowAsync<InvalidRowsException>();
        table.CurrentSnapshot.Version.Should().Be(0);
    }

    [Fact]
    public async Task An_event_is_kept_once_however_it_is_batched_and_repeated()
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(_kept, Orders.Events);
        MergeFlow flow = Orders.Flow().QuarantineTo(quarantine).Build();
        DeltaTable table = await Orders.TableAsync(flow, _storage);
        await flow.ApplyAsync(s_mixed, table);
        long version = quarantine.Table.CurrentSnapshot.Version;
        string[] kept = await KeptAsync(quarantine);
        for (int row = s_mixed.Length - 1; row >= 0; row--)
        {
            await flow.ApplyAsync(s_mixed.Slice(row, 1), table);
        }

        await flow.ApplyAsync(Orders.Batch("_ 2 open", "_ 2 open"), table);
        (await KeptAsync(quarantine)).Should().Equal(kept);
        quarantine.Table.CurrentSnapshot.Version.Should().Be(version, "nothing new needs no commit");
    }

    [Fact]
    public async Task A_crash_between_quarantine_and_merge_loses_nothing_and_keeps_nothing_twice()
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(_kept, Orders.Events);
        MergeFlow flow = Orders.Flow().QuarantineTo(quarantine).Build();
        StagingTable staging = await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        await staging.AppendAsync(s_mixed, new SourcePosition("s", 0, 0));
        DeltaTable table = await Orders.TableAsync(flow, _storage);
        using CancellationTokenSource stop = new();
        DeltaTable dying = await DeltaTable.OpenAsync(new StoppingStorage(_storage, stop));
        await FluentActions.Awaiting(() => flow.ApplyAsync(staging, dying, stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        (await KeptAsync(quarantine)).Should().HaveCount(3, "the quarantine comes first");
        (await table.RefreshAsync()).Version.Should().Be(0);

        await staging.AppendAsync(Orders.Batch("_ 9 late"), new SourcePosition("s", 0, 1));
        MergeResult result = await flow.ApplyAsync(staging, table);
        (result.RowsIn, result.Quarantined).Should().Be((6, 4));
        (await KeptAsync(quarantine)).Should().HaveCount(4);
        (await Orders.RowsAsync(table)).Should().HaveCount(2);
        (await flow.ApplyAsync(staging, table)).RowsIn.Should().Be(0);
    }

    [Fact]
    public async Task Values_that_do_not_fit_are_kept_in_their_own_type()
    {
        Schema wide = new([.. Orders.Events.FieldsList, new Field("n", Int64Type.Default, true)], null);
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(_kept, wide);
        MergeFlow flow = Orders.Flow().QuarantineTo(quarantine).Build();
        Schema narrow = new([.. flow.TargetSchema(Orders.Events).FieldsList, new Field("n", Int16Type.Default, true)], null);
        DeltaTable table = await DeltaTable.CreateAsync(_storage, narrow);
        RecordBatch events = Orders.Batch("a 1 open", "b 1 open");
        RecordBatch rows = new(wide, [.. events.Arrays, new Int64Array.Builder().AppendRange([7, 40_000]).Build()], 2);

        (await flow.ApplyAsync(rows, table)).Quarantined.Should().Be(1);
        (await Orders.RowsAsync(table)).Should().Equal("a 1 open");
        (await KeptAsync(quarantine)).Should().Equal("LOSSY_CAST n b 1 open u 40000");
    }

    [Fact]
    public async Task A_reconciliation_leaves_quarantined_events_where_they_are()
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(_kept, Orders.Events);
        MergeFlow flow = Orders.Flow().QuarantineTo(quarantine).Build();
        StagingTable staging = await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        await staging.AppendAsync(s_mixed, new SourcePosition("s", 0, 0));
        DeltaTable table = await Orders.TableAsync(flow, _storage);
        await flow.ApplyAsync(staging, table);
        ReconcileReport report = await Reconciler.ReconcileAsync(flow, staging, table, new() { Mode = ReconcileMode.Repair });
        report.IsClean.Should().BeTrue();
        (await KeptAsync(quarantine)).Should().HaveCount(3);
    }

    [Fact]
    public async Task Flows_and_targets_that_share_a_quarantine_keep_their_own()
    {
        QuarantineTable quarantine = await QuarantineTable.CreateOrOpenAsync(_kept, Orders.Events);
        MergeFlow flow = Orders.Flow().QuarantineTo(quarantine).Build();
        DeltaTable one = await Orders.TableAsync(flow, _storage);
        DeltaTable two = await Orders.TableAsync(flow, new InMemoryTableStorage());
        await flow.ApplyAsync(s_mixed, one);
        await flow.ApplyAsync(s_mixed, two);
        (await KeptAsync(quarantine)).Should().HaveCount(6);
    }

    [Fact]
    public async Task Columns_the_quarantine_adds_are_reserved()
    {
        Schema events = new([new Field("__Reason", StringType.Default, true)], null);
        (await FluentActions.Awaiting(() => QuarantineTable.CreateOrOpenAsync(_kept, events)).Should().ThrowAsync<LakehouseException>())
            .Which.ErrorCode.Should().Be(ErrorCodes.ReservedColumn);
    }

    /// <summary>Reason, column and the event's cells.</summary>
    private static async Task<string[]> KeptAsync(QuarantineTable quarantine)
    {
        List<string> rows = [];
        string[] columns = ["__reason", "__column", .. quarantine.EventSchema.FieldsList.Select(static f => f.Name).Where(static n => n != "note")];
        await foreach (RecordBatch batch in quarantine.Table.ReadAsync(columns))
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => string.Join(' ', batch.Arrays.Select(array => CellText.Format(array, row)))));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
