// A process of its own for tests that need several processes: races on one log, and kills in the middle of a write.
// Usage: TestHost <command> <arguments…>; prints lines with the outcome.
using Lakehouse.Incremental.TestHost;

return await (args switch
{
    ["race-commit", var directory, var version, var rounds] => CommitRace.RunAsync(directory, long.Parse(version), int.Parse(rounds)),
    ["commit-loop", var directory] => CommitLoop.RunAsync(directory),
    _ => Unknown(args),
});

static async Task<int> Unknown(string[] args)
{
    await Console.Error.WriteLineAsync($"unknown command: {string.Join(' ', args)}");
    return 2;
}
