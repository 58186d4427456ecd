using System.Diagnostics;
using System.Globalization;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>Runs one peer in this process.</summary>
internal static class PeerRun
{
    /// <summary>Batches of the first copy, whose time does not count: they compile the code and bring the files to the system's cache.</summary>
    private const int WarmUpBatches = 20;

    /// <param name="entry">The peer.</param>
    /// <param name="scenario">The data.</param>
    /// <param name="iterations">How often, each time on a fresh copy.</param>
    /// <param name="verify">Whether to compute the fingerprint.</param>
    /// <param name="warmUp">Whether a copy whose time does not count comes first.</param>
    public static async Task<PeerResult> RunAsync(PeerEntry entry, Scenario scenario, int iterations, bool verify, bool warmUp = true)
    {
        List<Sample> samples = [];
        int batches = Math.Min(scenario.Batches, entry.MaxBatches);
        PeerResult? result = null;
        for (int iteration = warmUp ? -1 : 0; iteration < iterations; iteration++)
        {
            int until = iteration < 0 ? Math.Min(batches, WarmUpBatches) : batches;
            string folder = Path.Combine(scenario.Folder, "work", string.Create(CultureInfo.InvariantCulture, $"{entry.Name}-{Environment.ProcessId}-{iteration}"));
            Once.Remove(folder);
            await using Peer peer = entry.Create(scenario);
            try
            {
                await peer.OpenAsync(folder).ConfigureAwait(false);
                for (int batch = 0; batch < until; batch++)
                {
                    await peer.LoadAsync(batch).ConfigureAwait(false);
                    Sample sample = await TimeAsync(peer).ConfigureAwait(false);
                    if (iteration >= 0)
                    {
                        samples.Add(sample);
                    }
                }

                if (iteration == iterations - 1)
                {
                    long memory = ProcessStats.PeakMemory();
                    result = new PeerResult
                    {
                        Peer = entry.Name,
                        Samples = samples,
                        Batches = batches,
                        PeakMemory = memory,
                        Fingerprint = verify && entry.Compared ? await peer.FingerprintAsync().ConfigureAwait(false) : null,
                        More = await peer.FinishAsync().ConfigureAwait(false),
                    };
                }
            }
            finally
            {
                await peer.DisposeAsync().ConfigureAwait(false);
                Once.Remove(folder);
            }
        }

        return result!;
    }

    private static async Task<Sample> TimeAsync(Peer peer)
    {
        long bytes = ProcessStats.BytesWritten();
        TimeSpan computed = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        Effects effects = await peer.ApplyAsync().ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - computed).TotalSeconds;
        return new Sample(seconds, cpuSeconds, ProcessStats.BytesWritten() - bytes, effects);
    }
}
