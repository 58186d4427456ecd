using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>apply(b_n, … apply(b_1, ∅)) == State(config, set(b_1 ∪ … ∪ b_n)): any batching, any order, any re-delivery.</summary>
public sealed class Law1_AnyBatchingAnyOrderAnyRedelivery
{
    private const int Processes = 3;

    [Fact]
    public void Type1_holds_the_rows_the_set_of_events_says() => Cases.Check(Delivery.Any, 700, d => Check(d, ScdType.Type1));

    [Fact]
    public void Type2_holds_the_history_the_set_of_events_says() => Cases.Check(Delivery.Any, 700, d => Check(d, ScdType.Type2));

    [Fact]
    public void The_change_data_of_type1_adds_up_to_its_rows() => Cases.Check(Delivery.Any, 250, async d =>
    {
        EngineUnderTest engine = await DeliverAsync(d with { Shape = d.Shape with { ChangeDataFeed = true } }, ScdType.Type1);
        string[] keys = [.. d.History.Layout.Keys.Select(k => k.Name)];
        string[] columns = [.. d.History.Layout.Columns.Select(c => c.Name)];

        string[] replayed = await ChangeReplay.RunAsync(
            engine.Silver,
            (batch, row) => Canonical.Text(TableRows.Values(batch, keys, row)),
            (batch, row) => Canonical.Text(TableRows.Values(batch, columns, row)));

        replayed.Should().Equal(await engine.LatestTextsAsync());
    });

    [Fact]
    public void The_change_data_of_type2_adds_up_to_its_history() => Cases.Check(Delivery.Any, 250, async d =>
    {
        EngineUnderTest engine = await DeliverAsync(d with { Shape = d.Shape with { ChangeDataFeed = true } }, ScdType.Type2);
        Layout layout = d.History.Layout;

        string[] replayed = await ChangeReplay.RunAsync(
            engine.Silver,
            (batch, row) => TableRows.PeriodAt(batch, layout, row) is var p ? Canonical.Text([.. p.Row[..layout.Keys.Length], .. p.Start]) : "",
            (batch, row) => TableRows.PeriodAt(batch, layout, row).ToString());

        replayed.Should().Equal(await engine.HistoryTextsAsync());
    });

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public void Processes_that_merge_into_one_table_at_once_come_to_the_same(ScdType scdType) => Cases.Check(Delivery.Any, 100, async d =>
    {
        Func<string, ITableStorage> disks = EngineUnderTest.Memory();
        TableShape shape = d.Shape with { Staged = false, Reopen = false };
        await new EngineUnderTest(d.History.Layout, shape, scdType, disks).ReopenAsync();
        await Task.WhenAll(Enumerable.Range(0, Processes).Select(process => Task.Run(async () =>
        {
            EngineUnderTest engine = new(d.History.Layout, shape, scdType, disks);
            await engine.ReopenAsync();
            foreach (Event[] batch in d.Batches.Where((_, i) => i % Processes == process))
            {
                await engine.DeliverAsync(batch);
            }
        })));

        EngineUnderTest reader = new(d.History.Layout, shape, scdType, disks);
        await reader.ReopenAsync();
        await reader.SilverMustHoldAsync(d.History.Events);
    });

    private static async Task Check(Delivery delivery, ScdType scdType)
    {
        EngineUnderTest engine = await DeliverAsync(delivery, scdType);
        await engine.SilverMustHoldAsync(delivery.History.Events);
    }

    private static async Task<EngineUnderTest> DeliverAsync(Delivery delivery, ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(delivery.History.Layout, delivery.Shape, scdType);
        foreach (Event[] batch in delivery.Batches)
        {
            MergeResult result = await engine.DeliverAsync(batch);
            result.RowsIn.Should().Be(batch.Length);
            result.RowsIn.Should().Be(result.Applied + result.Duplicates + result.Late + result.Superseded);
        }

        return engine;
    }
}
