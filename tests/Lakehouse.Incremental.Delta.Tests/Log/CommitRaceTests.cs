using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Log;

/// <summary>Put-if-absent is the whole of Delta's concurrency control: of all who try a version, exactly one may believe to have it.</summary>
public sealed class CommitRaceTests
{
    [Fact]
    public async Task Of_eight_threads_exactly_one_becomes_a_version()
    {
        const int Threads = 8;
        using TempFolder folder = new();
        for (long version = 0; version < 200; version++)
        {
            using Barrier barrier = new(Threads);
            long current = version;
            Task<CommitOutcome>[] racers = [.. Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    DeltaLog log = new(new LocalTableStorage(folder.Path));
                    DeltaAction[] actions = [new CommitInfo { TxnId = $"thread {thread}" }];
                    barrier.SignalAndWait();
                    return log.TryCommitAsync(current, actions, CancellationToken.None).GetAwaiter().GetResult();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
            CommitOutcome[] outcomes = await Task.WhenAll(racers);

            outcomes.Count(static outcome => outcome is CommitOutcome.Committed).Should().Be(1);
            int winner = Array.FindIndex(outcomes, static outcome => outcome is CommitOutcome.Committed);
            (await TxnIdAsync(folder.Path, version)).Should().Be($"thread {winner}");
        }
    }

    [Fact]
    public async Task Of_four_processes_exactly_one_becomes_a_version()
    {
        const int Rounds = 100;
        using TempFolder folder = new();
        HostProcess[] hosts = [.. Enumerable.Range(0, 4).Select(_ => new HostProcess("race-commit", folder.Path, "0", $"{Rounds}"))];
        try
        {
            for (long version = 0; version < Rounds; version++)
            {
                (await Task.WhenAll(hosts.Select(static host => host.ReadLineAsync()))).Should().OnlyContain(line => line == "ready");
                foreach (HostProcess host in hosts)
                {
                    host.Go();
                }

                string?[] outcomes = await Task.WhenAll(hosts.Select(static host => host.ReadLineAsync()));
                outcomes.Count(static line => line == "lost").Should().Be(3, "version {0}: {1}", version, string.Join(", ", outcomes));
                outcomes.Should().ContainSingle(line => line == "won " + TxnIdAsync(folder.Path, version).GetAwaiter().GetResult());
            }

            (await Task.WhenAll(hosts.Select(static host => host.ExitAsync()))).Should().OnlyContain(code => code == 0);
        }
        finally
        {
            foreach (HostProcess host in hosts)
            {
                host.Dispose();
            }
        }
    }

    [Fact]
    public async Task Twenty_kills_lose_no_commit_that_was_reported()
    {
        using TempFolder folder = new();
        Dictionary<long, string> reported = [];
        Random random = new(20);
        for (int round = 0; round < 20; round++)
        {
            using HostProcess host = new("commit-loop", folder.Path);

            // Killed between the reports of some commits: at a moment that has no relation to what it is doing.
            int commits = random.Next(1, 60);
            for (int i = 0; i < commits; i++)
            {
                Note(reported, await host.ReadLineAsync());
            }

            await Task.Delay(TimeSpan.FromMicroseconds(random.Next(0, 1500)));
            foreach (string line in (await host.KillAsync()).Split('\n')[..^1])
            {
                Note(reported, line);
            }
        }

        DeltaLog log = new(new LocalTableStorage(folder.Path));
        LogSegment segment = (await log.ListAsync(null, CancellationToken.None))!;
        segment.Commits.Should().HaveCount((int)segment.Version + 1);
        reported.Should().NotBeEmpty().And.OnlyContain(entry => entry.Key <= segment.Version);
        for (long version = 0; version <= segment.Version; version++)
        {
            IReadOnlyList<DeltaAction> actions = await log.ReadCommitAsync(version, CancellationToken.None);
            actions.Should().HaveCount(2);
            string? id = actions.OfType<CommitInfo>().Single().TxnId;
            actions.OfType<AddFile>().Single().Path.Should().Be($"part-{version}-{id}.parquet");
            if (reported.TryGetValue(version, out string? expected))
            {
                id.Should().Be(expected);
            }
        }

        List<string> listed = await log.Storage.ListAsync("").Select(file => file.Path).ToListAsync();
        listed.Should().OnlyContain(path => LogPaths.Parse(path).Kind == LogFileKind.Commit);
    }

    private static void Note(Dictionary<long, string> reported, string? line)
    {
        string[] parts = line!.Split(' ');
        reported.Add(long.Parse(parts[0]), parts[1]);
    }

    private static async Task<string?> TxnIdAsync(string folder, long version)
    {
        DeltaLog log = new(new LocalTableStorage(folder));
        return (await log.ReadCommitAsync(version, CancellationToken.None)).OfType<CommitInfo>().Single().TxnId;
    }
}
