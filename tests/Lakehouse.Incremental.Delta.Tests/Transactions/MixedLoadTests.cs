using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.TestHost;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>Appends, deletes of own and of the same rows, and compactions, all at once on one table.</summary>
public sealed class MixedLoadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("Serializable", false)]
    [InlineData("WriteSerializable", true)]
    public async Task Of_eight_threads_nothing_is_lost_doubled_or_resurrected(string level, bool local)
    {
        const int Workers = 8;
        const long Steps = 18;
        ITableStorage storage = local ? new LocalTableStorage(_folder.Path) : new InMemoryTableStorage();
        await MixedLoad.CreateAsync(storage, level);
        MixedLoad load = new();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => MixedWorker.RunAsync(
            storage,
            worker,
            Steps,
            line =>
            {
                load.Note(worker, line);
                return Task.CompletedTask;
            }))));
        await load.CheckAsync(storage, Workers, Steps);
    }

    [Fact]
    public async Task Of_four_processes_one_of_which_is_killed_nothing_is_lost_doubled_or_resurrected()
    {
        const int Workers = 4;
        const long Steps = 24;
        LocalTableStorage storage = new(_folder.Path);
        await MixedLoad.CreateAsync(storage, "Serializable");
        MixedLoad load = new();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            // The first is killed three times, each time after some steps and in the middle of another; then it may finish like the others.
            for (int kill = worker == 0 ? 3 : 0; kill >= 0; kill--)
            {
                using HostProcess host = new("mixed", _folder.Path, $"{worker}", $"{Steps}");
                for (int lines = 0; kill == 0 || lines < 5; lines++)
                {
                    if (await host.ReadLineAsync() is not { } line)
                    {
                        break;
                    }

                    load.Note(worker, line);
                }

                if (kill > 0)
                {
                    foreach (string line in (await host.KillAsync()).Split('\n')[..^1])
                    {
                        load.Note(worker, line);
                    }
                }
                else
                {
                    (await host.ExitAsync()).Should().Be(0);
                }
            }
        })));
        await load.CheckAsync(storage, Workers, Steps);
    }

    public void Dispose() => _folder.Dispose();
}
