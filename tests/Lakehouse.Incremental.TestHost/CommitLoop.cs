using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.TestHost;

/// <summary>Commits one version after the other and names each on its output only after it stands, until it is killed.</summary>
internal static class CommitLoop
{
    public static async Task<int> RunAsync(string directory)
    {
        LocalTableStorage storage = new(directory);
        DeltaLog log = new(storage);
        LogSegment? segment = await log.ListAsync(null, CancellationToken.None);
        for (long version = (segment?.Version ?? -1) + 1; ; version++)
        {
            string id = IdSource.System.NewId().ToString();
            DeltaAction[] actions =
            [
                new CommitInfo { Operation = "LOOP", TxnId = id },
                new AddFile { Path = $"part-{version}-{id}.parquet", Size = 1, ModificationTime = 1, DataChange = true },
            ];
            if (await log.TryCommitAsync(version, actions, CancellationToken.None) is not CommitOutcome.Committed)
            {
                return 1;
            }

            await Console.Out.WriteLineAsync($"{version} {id}");
            await Console.Out.FlushAsync();
        }
    }
}
