using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.TestHost;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Processes that merge into one table at once end as if one had come after the other.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 3)]
    [InlineData(false, 3)]
    public async Task Of_processes_that_merge_while_another_compacts_and_deletes_nothing_is_lost_or_doubled(bool vectors, int kills)
    {
        const int Workers = 2;
        const int Steps = 12;
        long[] counters = [.. Enumerable.Range(0, CountingMerger.Counters).Select(id => (long)id)];
        long[] noise = [.. Enumerable.Range(1, 20).Select(id => -(long)id)];
        DeltaTable table = await DeltaTable.CreateAsync(
            new LocalTableStorage(_folder.Path), CountingMerger.Schema, new() { DeletionVectors = vectors }, new() { MaxCommitAttempts = 1000 });
        await table.AppendAsync(CountingMerger.Ones([.. counters, .. noise]));

        Task[] workers = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(() => RunAsync(worker, Steps, kills)))];
        foreach (long id in noise)
        {
            await table.DeleteAsync(Filter.Column("id").EqualTo(id));
            await table.OptimizeAsync();
        }

        await Task.WhenAll(workers);
        string[] own = [.. Enumerable.Range(0, Workers).SelectMany(w => Enumerable.Range(0, Steps).Select(s => $"{CountingMerger.OwnId(w, s)} 1"))];
        (await RowsAsync(table)).Should().BeEquivalentTo([.. counters.Select(id => $"{id} {1 + (Workers * Steps)}"), .. own]);
    }

    // A killed process is followed by one that goes on where the table says. The last one is not killed.
    private async Task RunAsync(int worker, int steps, int kills)
    {
        for (; kills > 0; kills--)
        {
            using HostProcess killed = new("count", _folder.Path, $"{worker}", $"{steps}");
            for (int lines = 0; lines < 3 && await killed.ReadLineAsync() is not null; lines++)
            {
            }

            await killed.KillAsync();
        }

        using HostProcess host = new("count", _folder.Path, $"{worker}", $"{steps}");
        (await host.ExitAsync()).Should().Be(0);
    }

    public void Dispose() => _folder.Dispose();
}
