using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>A peer of a workload.</summary>
/// <param name="Name">Its name on the command line and in the results.</param>
/// <param name="Does">What it does, in one line.</param>
/// <param name="Create">Makes it for a data set.</param>
internal sealed record PeerEntry(string Name, string Does, Func<Scenario, Peer> Create)
{
    /// <summary>The most batches it does: those that rewrite everything are not asked to do it a hundred times.</summary>
    public int MaxBatches { get; init; } = int.MaxValue;

    /// <summary>False for one whose rows need not be those of the others.</summary>
    public bool Compared { get; init; } = true;
}
