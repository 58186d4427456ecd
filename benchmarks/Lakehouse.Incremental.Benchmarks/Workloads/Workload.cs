using Lakehouse.Incremental.Benchmarks.Peers;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>A piece of work, and the peers that do it on the same data.</summary>
internal abstract class Workload
{
    public abstract string Id { get; }

    public abstract string Title { get; }

    /// <summary>Ours first, in the order of the table.</summary>
    public abstract IReadOnlyList<PeerEntry> Peers { get; }

    public virtual int Batches => 1;

    public virtual int Iterations => 3;

    /// <summary>Names the data; workloads with the same name share the base table.</summary>
    public virtual string DataName => "lineitem";

    public abstract int Batch(long rows);

    /// <summary>Makes the base table and the batches where they are missing.</summary>
    public abstract Task PrepareAsync(Scenario scenario);
}
