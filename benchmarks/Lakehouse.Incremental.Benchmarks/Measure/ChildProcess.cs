using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>Runs a peer in a process of its own, so that memory is its own and no peer finds what another left behind.</summary>
internal static class ChildProcess
{
    public static async Task<PeerResult> RunAsync(Workload workload, PeerEntry entry, Options options, Scenario scenario)
    {
        string file = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = new(Environment.ProcessPath!);
            if (string.Equals(Path.GetFileNameWithoutExtension(Environment.ProcessPath), "dotnet", StringComparison.Ordinal))
            {
                start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
            }

            foreach (string argument in Arguments(workload, entry, options, scenario, file))
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync().ConfigureAwait(false);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<PeerResult>(await File.ReadAllTextAsync(file).ConfigureAwait(false))!
                : throw new InvalidOperationException($"{workload.Id}: the process of peer {entry.Name} failed.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> Arguments(Workload workload, PeerEntry entry, Options options, Scenario scenario, string file)
    {
        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
        yield return workload.Id;
        foreach ((string name, string value) in new[]
        {
            ("--child", entry.Name),
            ("--result", file),
            ("--dir", options.Directory!),
            ("--rows", Text(scenario.Rows)),
            ("--batch", Text(scenario.Batch)),
            ("--batches", Text(scenario.Batches)),
            ("--iterations", Text(options.Iterations ?? workload.Iterations)),
            ("--seed", Text(scenario.Seed)),
            ("--keys", scenario.Keys.ToString()),
        })
        {
            yield return name;
            yield return value;
        }

        if (!options.Verify)
        {
            yield return "--no-verify";
        }
    }
}
