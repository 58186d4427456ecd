using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Maintenance;

/// <summary>A flow goes on as if nothing had happened when its target is optimized, vacuumed, cleaned up or restored.</summary>
public sealed class MaintainedFlowTests
{
    private const int Batches = 24;

    private static readonly VacuumOptions s_everything = new() { DryRun = false, Retention = TimeSpan.Zero, AllowShorterRetention = true };

    [Theory]
    [InlineData(ScdType.Type1, false)]
    [InlineData(ScdType.Type1, true)]
    [InlineData(ScdType.Type2, false)]
    [InlineData(ScdType.Type2, true)]
    public async Task Maintenance_between_batches_changes_no_result(ScdType scdType, bool reopen)
    {
        MergeFlow flow = Orders.Flow(scdType).Build();
        DeltaTable plain = await Orders.TableAsync(flow, new InMemoryTableStorage());
        InMemoryTableStorage storage = new();
        DeltaTable kept = await Orders.TableAsync(flow, storage);
        int vacuumed = 0;
        for (int batch = 0; batch < Batches; batch++)
        {
            await flow.ApplyAsync(Orders.Batch(Events(batch)), plain);
            await flow.ApplyAsync(Orders.Batch(Events(batch)), kept);
            await kept.OptimizeAsync(new() { MaxDeletedShare = 0 });
            vacuumed += (await kept.VacuumAsync(s_everything)).Files.Count;
            kept = reopen ? await DeltaTable.OpenAsync(storage) : kept;
        }

        (await Orders.RowsAsync(kept)).Should().Equal(await Orders.RowsAsync(plain)).And.NotBeEmpty();
        vacuumed.Should().BeGreaterThan(Batches);
        int state = 0;
        await foreach (StoredFile file in storage.ListAsync("_incremental"))
        {
            state++;
        }

        state.Should().BeLessThan(8, "state files that no version within the retention names are gone");
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_restored_target_goes_on_from_there(ScdType scdType)
    {
        MergeFlow flow = Orders.Flow(scdType).Build();
        DeltaTable plain = await Orders.TableAsync(flow, new InMemoryTableStorage());
        DeltaTable restored = await Orders.TableAsync(flow, new InMemoryTableStorage());
        for (int batch = 0; batch < Batches; batch++)
        {
            await flow.ApplyAsync(Orders.Batch(Events(batch)), plain);
            await flow.ApplyAsync(Orders.Batch(Events(batch)), restored);
            if (batch % 5 == 4)
            {
                // Three batches that are taken back.
                long version = restored.CurrentSnapshot.Version;
                for (int bad = 0; bad < 3; bad++)
                {
                    await flow.ApplyAsync(Orders.Batch([.. Events(batch + bad).Select(e => e.Replace(" v", " bad"))]), restored);
                }

                await restored.RestoreAsync(version);
            }
        }

        (await Orders.RowsAsync(restored)).Should().Equal(await Orders.RowsAsync(plain)).And.NotBeEmpty();
    }

    // Keys come back with later and with earlier events; every seventh event deletes.
    private static string[] Events(int batch) =>
    [
        .. Enumerable.Range(0, 15).Select(i =>
        {
            int key = ((batch * 7) + (i * 3)) % 40;
            int sequence = (batch * 100) + i - (i % 4 == 0 ? 250 : 0);
            return (batch + i) % 7 == 0 ? $"k{key} {sequence} -" : $"k{key} {sequence} v{batch}";
        }),
    ];
}
