namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>All measures of a peer by name, the same for every output.</summary>
internal static class Measures
{
    public static IEnumerable<(string Name, double Value)> Of(WorkloadResult result, PeerResult peer)
    {
        yield return ("seconds", peer.Median);
        yield return ("seconds_min", peer.Seconds.Min());
        yield return ("seconds_max", peer.Seconds.Max());
        yield return ("cpu_seconds", peer.MedianCpu);
        if (peer.Batches > 1)
        {
            yield return ("seconds_p99", Statistics.Percentile(peer.Seconds, 0.99));
        }

        if (LastOverFirst(peer) is { } drift)
        {
            yield return ("last_over_first_decile", drift);
        }

        foreach (PeerResult other in result.Peers.Where(o => o.Peer != peer.Peer))
        {
            yield return ($"ratio_to_{other.Peer}", peer.Median / other.Median);
        }

        yield return ("peak_rss_bytes", peer.PeakMemory);
        yield return ("bytes_written", peer.MedianBytes);
        if (result.WriteAmplification(peer) is { } amplification)
        {
            yield return ("write_amplification", amplification);
        }

        foreach ((string name, long? value) in new[]
        {
            ("rows_written", peer.Typical.Effects.RowsWritten),
            ("rows_changed", peer.Typical.Effects.RowsChanged),
            ("files_added", peer.Typical.Effects.FilesAdded),
            ("files_touched", peer.Typical.Effects.FilesTouched),
        })
        {
            if (value is { } known)
            {
                yield return (name, known);
            }
        }

        foreach ((string name, double value) in peer.More)
        {
            yield return (name, value);
        }
    }

    /// <summary>The median of the last tenth of the batches over that of the first tenth; null for few batches.</summary>
    public static double? LastOverFirst(PeerResult peer)
    {
        int tenth = peer.Samples.Count / 10;
        return tenth < 5 ? null : Statistics.Percentile([.. peer.Seconds.TakeLast(tenth)], 0.5) / Statistics.Percentile([.. peer.Seconds.Take(tenth)], 0.5);
    }

    /// <summary>The exponent of the median over the rows of the table, by peer.</summary>
    public static IEnumerable<(string Peer, double Exponent)> Exponents(IReadOnlyList<WorkloadResult> results) =>
        results.Count < 2 ? [] : results[0].Peers.Select(peer => (peer.Peer, Statistics.Exponent([
            .. results.Select(r => ((double)r.Scenario.Rows, r.Peers.FirstOrDefault(p => p.Peer == peer.Peer)?.Median ?? double.NaN))])));
}
