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
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_processes_that_merge_while_a_third_compacts_and_deletes_nothing_is_lost_or_doubled(bool vectors)
    {
        const int Workers = 2;
        const int Steps = 12;
        long[] counters = [.. Enumerable.Range(0, CountingMerger.Counters).Select(id => (long)id)];
        long[] noise = [.. Enumerable.Range(1, 20).Select(id => -(long)id)];
        DeltaTable table = await DeltaTable.CreateAsync(
            new LocalTableStorage(_folder.Path), CountingMerger.Schema, new() { DeletionVectors = vectors }, new() { MaxCommitAttempts = 1000 });
        await table.AppendAsync(CountingMerger.Ones([.. counters, .. noise]));

        Task<int>[] workers = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            using HostProcess host = new("count", _folder.Path, $"{worker}", $"{Steps}");
            return await host.ExitAsync();
        }))];
        foreach (long id in noise)
        {
            await table.DeleteAsync(Filter.Column("id").EqualTo(id));
            await table.OptimizeAsync();
        }

        (await Task.WhenAll(workers)).Should().AllBeEquivalentTo(0);
        string[] own = [.. Enumerable.Range(0, Workers).SelectMany(w => Enumerable.Range(0, Steps).Select(s => $"{CountingMerger.OwnId(w, s)} 1"))];
        (await RowsAsync(table)).Should().BeEquivalentTo([.. counters.Select(id => $"{id} {1 + (Workers * Steps)}"), .. own]);
    }

    public void Dispose() => _folder.Dispose();
}
