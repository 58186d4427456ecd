using GitHistory;
using GitHistory.Git;
using GitHistory.Output;
using GitHistory.Pipeline;
using GitHistory.Proof;
using Lakehouse.Incremental.Delta;
using Spectre.Console;

using CancellationTokenSource interrupt = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};

try
{
    return await RunAsync(args, interrupt.Token);
}
catch (Exception error) when (error is UsageException or GitException)
{
    Console.Error.WriteLine(error.Message);
}
catch (LakehouseException error)
{
    Console.Error.WriteLine($"{error.ErrorCode}: {error.Message}");
}
catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted. Run it again to go on.");
}

return 2;

static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
{
    Options options = OptionsParser.Parse(args);
    if (options.Help)
    {
        Console.Out.WriteLine(OptionsParser.Help);
        return 0;
    }

    GitRepository repository = await GitRepository.OpenAsync(options.Repository, cancellationToken);
    string suffix = options.Shuffle is { } seed ? FormattableString.Invariant($"-shuffled-{seed}") : "";
    using OutputFolder folder = OutputFolder.Open(options.Output ?? Path.Combine("lake", repository.Name + suffix));
    IReadOnlyList<string> range = StreamPlan.Range(await repository.FirstParentCommitsAsync(cancellationToken), options.Commits);
    folder.Write(StreamPlan.Resume(options, repository, range, folder));

    IAnsiConsole console = AnsiConsole.Console;
    console.MarkupLineInterpolated($"[bold]{repository.Name}[/]: {range.Count:N0} commits → {folder.Path}");
    LakePipeline pipeline = await LakePipeline.OpenAsync(folder.Path, cancellationToken);
    await using BlobSizes sizes = await BlobSizes.StartAsync(repository, cancellationToken);
    EventStream stream = new(options, repository, range);
    HistoryRun run = new(stream, repository, range, pipeline, sizes, new RunProgress(console, TimeProvider.System), TimeProvider.System);
    IReadOnlyList<ProofResult> results = await run.RunAsync(cancellationToken);
    ResultTable.Write(console, results);
    return results.All(r => r.IsOk) ? 0 : 1;
}
