// A process of its own for tests that need several processes: races on one log, and kills in the middle of a write.
// Usage: TestHost <command> <arguments…>; prints lines with the outcome.
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.TestHost;

return await (args switch
{
    ["race-commit", var directory, var version, var rounds] => CommitRace.RunAsync(directory, long.Parse(version), int.Parse(rounds)),
    ["commit-loop", var directory] => CommitLoop.RunAsync(directory),
    ["mixed", var directory, var worker, var steps] => RunMixedAsync(directory, int.Parse(worker), long.Parse(steps)),
    ["count", var directory, var worker, var steps] => RunCountingAsync(directory, int.Parse(worker), int.Parse(steps)),
    ["numbered", var directory, var worker] => RunNumberedAsync(directory, int.Parse(worker)),
    ["merge", var directory] => RunMergeAsync(directory),
    ["merge", var directory, var type] => RunMergeOfFlowAsync(directory, Enum.Parse<ScdType>(type)),
    ["flow", var staging, var target, var type, var worker, var steps] => RunFlowAsync(staging, target, Enum.Parse<ScdType>(type), int.Parse(worker), int.Parse(steps)),
    _ => Unknown(args),
});

static async Task<int> RunMixedAsync(string directory, int worker, long steps)
{
    await MixedWorker.RunAsync(new LocalTableStorage(directory), worker, steps, TellAsync);
    return 0;
}

static async Task<int> RunFlowAsync(string staging, string target, ScdType type, int worker, int steps)
{
    await FlowWorker.RunAsync(new LocalTableStorage(staging), new LocalTableStorage(target), type, worker, steps, TellAsync);
    return 0;
}

static async Task TellAsync(string line)
{
    await Console.Out.WriteLineAsync(line);
    await Console.Out.FlushAsync();
}

static async Task<int> RunCountingAsync(string directory, int worker, int steps)
{
    await CountingMerger.RunAsync(new LocalTableStorage(directory), worker, steps, TellAsync);
    return 0;
}

static async Task<int> RunNumberedAsync(string directory, int worker)
{
    await NumberedWorker.RunAsync(new LocalTableStorage(directory), worker, TellAsync);
    return 0;
}

static async Task<int> RunMergeAsync(string directory)
{
    await RepeatableMerge.RunAsync(new LocalTableStorage(directory));
    await TellAsync($"{Environment.ProcessorCount}");
    return 0;
}

static async Task<int> RunMergeOfFlowAsync(string directory, ScdType type)
{
    await RepeatableFlow.RunAsync(new LocalTableStorage(directory), type);
    await TellAsync($"{Environment.ProcessorCount}");
    return 0;
}

static async Task<int> Unknown(string[] args)
{
    await Console.Error.WriteLineAsync($"unknown command: {string.Join(' ', args)}");
    return 2;
}
