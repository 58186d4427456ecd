using System.Globalization;
using System.Text.Json;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks;

/// <summary>Does what the command line asks for.</summary>
internal static class Application
{
    /// <returns>The exit code: 0, or 1 when peers ended with different rows.</returns>
    public static async Task<int> RunAsync(Options options, TextWriter output)
    {
        if (options.Child is not null)
        {
            return await ChildAsync(options).ConfigureAwait(false);
        }

        switch (options.Command)
        {
            case "list":
                List(output);
                return 0;
            default:
                int failed = 0;
                foreach (Workload workload in options.Command == "all" ? AllWorkloads.List : AllWorkloads.Family(options.Command))
                {
                    failed |= await RunAsync(workload, options, output).ConfigureAwait(false);
                }

                return failed;
        }
    }

    /// <summary>Makes a scenario's data and tells where it lies.</summary>
    public static Scenario Scenario(Workload workload, Options options, long rows)
    {
        int batch = options.Batch ?? workload.Batch(rows);
        int batches = options.Batches ?? workload.Batches;
        string name = string.Create(CultureInfo.InvariantCulture, $"{workload.DataName}-{rows}-{options.Seed}");
        return new Scenario(Path.Combine(options.Directory!, name), rows, batch, batches, options.Seed)
        {
            SourceName = string.Create(CultureInfo.InvariantCulture, $"{workload.Id}-{batch}{(options.Keys == KeyDistribution.Uniform ? "" : $"-{options.Keys}")}"),
            Keys = options.Keys,
        };
    }

    private static async Task<int> RunAsync(Workload workload, Options options, TextWriter output)
    {
        using WorkFolder folder = new(options.Directory);
        List<WorkloadResult> results = [];
        foreach (long rows in options.Rows)
        {
            Options sized = options with { Directory = folder.Path, Rows = [rows] };
            Scenario scenario = Scenario(workload, sized, rows);
            await Console.Error.WriteLineAsync($"{workload.Id}: making {Report.Count(rows)} rows").ConfigureAwait(false);
            await workload.PrepareAsync(scenario).ConfigureAwait(false);
            List<PeerResult> peers = [];
            foreach (PeerEntry entry in Selected(workload, options))
            {
                await Console.Error.WriteLineAsync($"{workload.Id}: {entry.Name}").ConfigureAwait(false);
                peers.Add(await ChildProcess.RunAsync(workload, entry, sized, scenario).ConfigureAwait(false));
            }

            results.Add(new WorkloadResult(workload, scenario, peers));
        }

        IReadOnlyList<string> lines = options.Json ? JsonLines.Of(results) : Report.Of(results);
        foreach (string line in lines)
        {
            await output.WriteLineAsync(line).ConfigureAwait(false);
        }

        if (options.Output is not null)
        {
            await ResultFile.AppendAsync(options.Output, Report.Of(results)).ConfigureAwait(false);
        }

        return results.Any(static r => r.Disagreeing.Count > 0) ? 1 : 0;
    }

    private static IEnumerable<PeerEntry> Selected(Workload workload, Options options)
    {
        if (options.Peers.FirstOrDefault(name => workload.Peers.All(p => !string.Equals(p.Name, name, StringComparison.Ordinal))) is { } unknown)
        {
            throw new UsageException($"{workload.Id} has no peer {unknown}; 'list' names them.");
        }

        return workload.Peers.Where(p => options.Peers.Count == 0 || options.Peers.Contains(p.Name, StringComparer.Ordinal));
    }

    private static async Task<int> ChildAsync(Options options)
    {
        Workload workload = AllWorkloads.Find(options.Command);
        PeerEntry entry = workload.Peers.Single(p => string.Equals(p.Name, options.Child, StringComparison.Ordinal));
        Scenario scenario = Scenario(workload, options, options.Rows[0]);
        PeerResult result = await PeerRun.RunAsync(entry, scenario, options.Iterations ?? workload.Iterations, options.Verify).ConfigureAwait(false);
        await File.WriteAllTextAsync(options.Result!, JsonSerializer.Serialize(result)).ConfigureAwait(false);
        return 0;
    }

    private static void List(TextWriter output)
    {
        foreach (Workload workload in AllWorkloads.List)
        {
            output.WriteLine($"{workload.Id}  {workload.Title}");
            foreach (PeerEntry peer in workload.Peers)
            {
                output.WriteLine($"    {peer.Name,-16} {peer.Does}");
            }
        }
    }
}
