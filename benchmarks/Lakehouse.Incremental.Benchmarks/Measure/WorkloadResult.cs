using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>What was measured of a workload at one size.</summary>
internal sealed record WorkloadResult(Workload Workload, Scenario Scenario, IReadOnlyList<PeerResult> Peers)
{
    /// <summary>Peers that ended with other rows than the first one that did as many batches.</summary>
    public IReadOnlyList<string> Disagreeing =>
    [
        .. Peers.Where(p => p.Fingerprint is not null
            && !string.Equals(p.Fingerprint, Peers.First(o => o.Fingerprint is not null && o.Batches == p.Batches).Fingerprint, StringComparison.Ordinal))
            .Select(static p => p.Peer),
    ];

    /// <summary>Bytes written over the size the changed rows have in the base table; null when a peer does not say how many they are.</summary>
    public double? WriteAmplification(PeerResult peer)
    {
        long? changed = Peers.Select(static p => p.Typical.Effects.RowsChanged).FirstOrDefault(static rows => rows > 0);
        return changed is null ? null : peer.MedianBytes / (changed.Value * RowBytes);
    }

    private double RowBytes => new DirectoryInfo(Scenario.Base).EnumerateFiles("*.parquet").Sum(static f => f.Length) / (double)Scenario.Rows;
}
