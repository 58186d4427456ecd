using GitHistory.Git;
using GitHistory.Output;
using GitHistory.Pipeline;
using GitHistory.Proof;
using Lakehouse.Incremental.Delta;
using Spectre.Console;

namespace GitHistory;

/// <summary>One run of the sample, from the command line to the exit code.</summary>
internal static class Application
{
    /// <summary>Exit code: every line of the result is ok.</summary>
    public const int Ok = 0;

    /// <summary>Exit code: a proof failed.</summary>
    public const int Failed = 1;

    /// <summary>Exit code: the run was not possible, or was interrupted.</summary>
    public const int NotPossible = 2;

    /// <summary>Runs the sample.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where progress and results go.</param>
    /// <param name="errors">Where the one sentence goes that says why the run was not possible.</param>
    /// <param name="cancellationToken">Ends the run between two steps; the next run goes on.</param>
    public static async Task<int> RunAsync(string[] arguments, IAnsiConsole console, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(OptionsParser.Parse(arguments), console, cancellationToken);
        }
        catch (Exception error) when (error is OperationCanceledException or GitException && cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C in a terminal also reaches git, which may end first.
            await errors.WriteLineAsync("Interrupted. Run it again to go on.");
        }
        catch (Exception error) when (error is UsageException or GitException)
        {
            await errors.WriteLineAsync(error.Message);
        }
        catch (LakehouseException error)
        {
            await errors.WriteLineAsync($"{error.ErrorCode}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"The run ended early: {error.Message} Run it again to go on.");
        }

        return NotPossible;
    }

    private static async Task<int> RunAsync(Options options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        if (options.Help)
        {
            console.Profile.Out.Writer.WriteLine(OptionsParser.Help);
            return Ok;
        }

        GitRepository repository = await GitRepository.OpenAsync(options.Repository, cancellationToken);
        string suffix = options.Shuffle is { } seed ? FormattableString.Invariant($"-shuffled-{seed}") : "";
        using OutputFolder folder = OutputFolder.Open(options.Output ?? Path.Combine("lake", repository.Name + suffix));
        IReadOnlyList<string> range = StreamPlan.Range(await repository.FirstParentCommitsAsync(cancellationToken), options.Commits);
        folder.Write(StreamPlan.Resume(options, repository, range, folder));

        console.MarkupLineInterpolated($"[bold]{repository.Name}[/]: {range.Count:N0} commits → {folder.Path}");
        await using BlobSizes sizes = await BlobSizes.StartAsync(repository, cancellationToken);
        LakePipeline pipeline = await LakePipeline.OpenAsync(folder.Path, cancellationToken);
        if (sizes.IsPartial)
        {
            sizes.KeepMissing(await pipeline.BlobsWithoutSizeAsync(cancellationToken));
        }

        EventStream stream = new(options, repository, range);
        HistoryRun run = new(stream, repository, range, pipeline, sizes, new RunProgress(console, TimeProvider.System), TimeProvider.System);
        IReadOnlyList<ProofResult> results = await run.RunAsync(cancellationToken);
        ResultTable.Write(console, results);
        return results.All(r => r.IsOk) ? Ok : Failed;
    }
}
