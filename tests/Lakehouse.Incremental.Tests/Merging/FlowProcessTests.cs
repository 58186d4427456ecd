using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Staging;
using Lakehouse.Incremental.TestHost;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Processes that run the same flow on one table, one of which is killed again and again, while another compacts it.</summary>
public sealed class FlowProcessTests : IDisposable
{
    private const int Workers = 3;
    private const int Steps = 20;
    private readonly TempFolder _staging = new();
    private readonly TempFolder _target = new();

    [Theory]
    [InlineData(ScdType.Type1, true)]
    [InlineData(ScdType.Type1, false)]
    [InlineData(ScdType.Type2, true)]
    public async Task They_end_in_the_state_of_all_their_events(ScdType scdType, bool vectors)
    {
        MergeFlow flow = FlowWorker.Flow(scdType);
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_staging.Path, FlowWorker.Events);
        DeltaTable table = await CreateAsync(flow, new LocalTableStorage(_target.Path), vectors);

        Task work = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => RunAsync(scdType, worker, kills: worker == 0 ? 3 : 0))));
        while (!work.IsCompleted)
        {
            await table.OptimizeAsync();
            await Task.WhenAny(work, Task.Delay(50));
        }

        await work;
        await flow.ApplyAsync(staging, table);
        DeltaTable alone = await CreateAsync(flow, new InMemoryTableStorage(), vectors);
        RecordBatch[] batches = [.. Enumerable.Range(0, Workers).SelectMany(w => Enumerable.Range(0, Steps).Select(s => FlowWorker.Batch(w, s)))];
        await flow.ApplyAsync(ConcatKernel.Concat(FlowWorker.Events, batches), alone);
        (await RowsAsync(table)).Should().NotBeEmpty().And.Equal(await RowsAsync(alone));
        (await Reconciler.ReconcileAsync(flow, staging, table)).IsClean.Should().BeTrue();
    }

    public void Dispose()
    {
        _staging.Dispose();
        _target.Dispose();
    }

    private static Task<DeltaTable> CreateAsync(MergeFlow flow, ITableStorage storage, bool vectors) => DeltaTable.CreateAsync(
        storage, flow.TargetSchema(FlowWorker.Events), new() { DeletionVectors = vectors, ChangeDataFeed = true }, new() { MaxCommitAttempts = 1000 });

    private static async Task<string[]> RowsAsync(DeltaTable table)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => string.Join(' ', batch.Arrays.Select(a => CellText.Format(a, row)))));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private async Task RunAsync(ScdType scdType, int worker, int kills)
    {
        for (int kill = 0; kill <= kills; kill++)
        {
            using HostProcess host = new("flow", _staging.Path, _target.Path, $"{scdType}", $"{worker}", $"{Steps}");
            for (int lines = 0; kill == kills || lines < 3; lines++)
            {
                if (await host.ReadLineAsync() is null)
                {
                    break;
                }
            }

            if (kill < kills)
            {
                await host.KillAsync();
            }
            else
            {
                (await host.ExitAsync()).Should().Be(0);
            }
        }
    }
}
