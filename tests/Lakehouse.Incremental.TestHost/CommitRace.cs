using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.TestHost;

/// <summary>
/// One racer: for each round it says "ready", waits for a line on its input, tries to become the version of the round, and says how it ended.
/// The barrier is in the hands of the test, which lets all racers go at once.
/// </summary>
internal static class CommitRace
{
    public static async Task<int> RunAsync(string directory, long firstVersion, int rounds)
    {
        DeltaLog log = new(new LocalTableStorage(directory));
        for (long version = firstVersion; version < firstVersion + rounds; version++)
        {
            await SayAsync("ready");
            if (await Console.In.ReadLineAsync() is null)
            {
                return 1;
            }

            string id = IdSource.System.NewId().ToString();
            CommitOutcome outcome = await log.TryCommitAsync(version, [new CommitInfo { Operation = "RACE", TxnId = id }], CancellationToken.None);
            await SayAsync(outcome is CommitOutcome.Committed ? "won " + id : "lost");
        }

        return 0;
    }

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }
}
