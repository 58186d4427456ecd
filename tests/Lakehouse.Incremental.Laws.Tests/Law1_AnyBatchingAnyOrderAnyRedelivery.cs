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
    public void Type1_holds_the_rows_the_set_of_events_says() => Cases.Check(Delivery.OfType1, CaseNumbers.Batched, d => Check(d, ScdType.Type1));

    [Fact]
    public void Type2_holds_the_history_the_set_of_events_says() => Cases.Check(Delivery.OfType2, CaseNumbers.Batched, d => Check(d, ScdType.Type2));

    [Fact]
    public void Keys_that_become_others_carry_what_their_events_do_not_tell() =>
        Cases.Check(Delivery.OfChangingKeys, CaseNumbers.KeysChanged, d => Check(d, ScdType.Type2));

    [Fact]
    public void The_change_data_of_type1_adds_up_to_its_rows() => Cases.Check(Delivery.OfType1, CaseNumbers.Replayed, async d =>
    {
        EngineUnderTest engine = await EngineUnderTest.RunAsync(Replayed(d), ScdType.Type1);
        Layout layout = d.History.Layout;
        string[] keys = [.. layout.Keys.Select(k => k.Name)];

        string[] replayed = await ChangeReplay.RunAsync(
            engine.Silver,
            (batch, row) => Canonical.Text(TableRows.Values(batch, keys, row)),
            (batch, row) => TableRows.LatestAt(batch, layout, row).ToString());

        replayed.Should().Equal(await engine.SilverTextsAsync());
    });

    [Fact]
    public void The_change_data_of_type2_adds_up_to_its_history() => Cases.Check(Delivery.OfType2, CaseNumbers.Replayed, async d =>
    {
        EngineUnderTest engine = await EngineUnderTest.RunAsync(Replayed(d), ScdType.Type2);
        Layout layout = d.History.Layout;

        string[] replayed = await ChangeReplay.RunAsync(
            engine.Silver,
            (batch, row) => TableRows.PeriodAt(batch, layout, row) is var p ? Canonical.Text([.. p.Row[..layout.Keys.Length], .. p.Start]) : "",
            (batch, row) => TableRows.PeriodAt(batch, layout, row).ToString());

        replayed.Should().Equal(await engine.SilverTextsAsync());
    });

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public void Processes_that_merge_into_one_table_at_once_come_to_the_same(ScdType scdType) =>
        Cases.Check(scdType == ScdType.Type1 ? Delivery.OfType1 : Delivery.OfType2, CaseNumbers.Concurrent, async d =>
        {
            Func<string, ITableStorage> disks = EngineUnderTest.Memory();
            TableShape shape = d.Shape with { Staged = false, Reopen = false };
            await new EngineUnderTest(d.History, shape, scdType, disks).ReopenAsync();
            await Task.WhenAll(Enumerable.Range(0, Processes).Select(process => Task.Run(async () =>
            {
                EngineUnderTest engine = new(d.History, shape, scdType, disks);
                await engine.ReopenAsync();
                foreach (Event[] batch in d.Batches.Where((_, i) => i % Processes == process))
                {
                    await engine.DeliverAsync(batch);
                }
            })));

            EngineUnderTest reader = new(d.History, shape, scdType, disks);
            await reader.ReopenAsync();
            await reader.SilverMustHoldAsync(d.History.Events);
        });

    /// <summary>Change data of the flow from the first version on: nothing is vacuumed or written by others, and the columns are the same in all versions.</summary>
    private static Delivery Replayed(Delivery d) => d with
    {
        Shape = d.Shape with { ChangeDataFeed = true },
        History = d.History with { Wire = d.History.Wire with { LateValue = null } },
        Upkeeps = [.. d.Upkeeps.Select(u => u is Upkeep.Vacuum or Upkeep.ForeignOverwrite ? Upkeep.Optimize : u)],
    };

    private static async Task Check(Delivery delivery, ScdType scdType)
    {
        EngineUnderTest engine = await EngineUnderTest.OpenAsync(delivery.History, delivery.Shape, scdType);
        for (int i = 0; i < delivery.Batches.Length; i++)
        {
            MergeResult result = await engine.DeliverAsync(delivery.Batches[i]);
            result.RowsIn.Should().Be(delivery.Batches[i].Length + delivery.Batches[i].Count(e => e.ChangesKey), "a changed key is two events");
            result.RowsIn.Should().Be(result.Applied + result.Duplicates + result.Late + result.Superseded);
            await engine.KeepUpAsync(delivery.UpkeepAfter(i));
        }

        await engine.SilverMustHoldAsync(delivery.History.Events);
        MergeResult again = await engine.DeliverAsync(delivery.Batches[0]);
        (again.Applied, again.Inserted + again.Updated + again.Deleted).Should().Be((0, 0), "all of it was delivered before");
        await engine.SilverMustHoldAsync(delivery.History.Events, "a batch was delivered again");
    }
}
