using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests.Staging;

/// <summary>An absent column is not a null one, however its batch comes to the flow.</summary>
public sealed class SourceColumnsTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task A_column_that_a_batch_lacks_is_not_set_by_its_events_also_when_they_were_staged()
    {
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_storage, Orders.Events);
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable target = await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(Orders.Events));
        await staging.AppendAsync(Orders.Batch("a 1 open first"), new SourcePosition("shop", 0, 1));
        await staging.AppendAsync(Without(Orders.Batch("a 2 shipped"), "note"), new SourcePosition("shop", 0, 2));

        await flow.ApplyAsync(staging, target);

        (await RowsAsync(target)).Should().Equal("a 2 shipped first");
        (await Reconciler.ReconcileAsync(flow, staging, target)).IsClean.Should().BeTrue();
    }

    [Fact]
    public async Task A_column_that_comes_later_is_not_set_by_the_events_before_it()
    {
        Schema former = Without(Orders.Batch("a 1 open"), "note").Schema;
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_storage, former);
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable target = await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(former));
        await staging.AppendAsync(Without(Orders.Batch("a 2 shipped"), "note"), new SourcePosition("shop", 0, 1));
        await flow.ApplyAsync(staging, target);

        StagingTable grown = await StagingTable.CreateOrOpenAsync(_storage, Orders.Events);
        await grown.AppendAsync(Orders.Batch("a 1 open first"), new SourcePosition("shop", 0, 2));
        await staging.AppendAsync(Without(Orders.Batch("b 1 open"), "note"), new SourcePosition("shop", 0, 3));
        await flow.ApplyAsync(grown, target);

        (await RowsAsync(target)).Should().Equal("a 2 shipped first", "b 1 open null");
        (await Reconciler.ReconcileAsync(flow, grown, target)).IsClean.Should().BeTrue();
        (await StagingTable.CreateOrOpenAsync(_storage, former)).EventSchema.FieldsList.Select(f => f.Name).Should().Contain("note");
    }

    private static RecordBatch Without(RecordBatch batch, string column)
    {
        int[] kept = [.. Enumerable.Range(0, batch.ColumnCount).Where(i => batch.Schema.GetFieldByIndex(i).Name != column)];
        return new RecordBatch(new Schema([.. kept.Select(batch.Schema.GetFieldByIndex)], null), kept.Select(batch.Column), batch.Length);
    }

    private static async Task<string[]> RowsAsync(DeltaTable table)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync(["id", "seq", "status", "note"]))
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => string.Join(' ', batch.Arrays.Select(a => CellText.Format(a, row)))));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
