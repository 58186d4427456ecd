using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    /// <summary>A workload, <c>all</c>, <c>list</c> or <c>kernels</c>.</summary>
    public string Command { get; init; } = "list";

    /// <summary>Sizes of the table.</summary>
    public IReadOnlyList<long> Rows { get; init; } = [1_000_000];

    /// <summary>Rows of a batch; null for the workload's own share of the table.</summary>
    public int? Batch { get; init; }

    /// <summary>Batches in a row; null for the workload's default.</summary>
    public int? Batches { get; init; }

    /// <summary>How often all of it is done on a fresh copy; null for the workload's default.</summary>
    public int? Iterations { get; init; }

    public long Seed { get; init; } = 42;

    /// <summary>Which rows the changes are about.</summary>
    public KeyDistribution Keys { get; init; }

    /// <summary>Names of the peers to run; empty for all.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>Where tables are made. A folder that is given is kept, and the data in it used again.</summary>
    public string? Directory { get; init; }

    /// <summary>One line of JSON a measure instead of a table.</summary>
    public bool Json { get; init; }

    /// <summary>Compares what the peers' tables hold at the end.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>A file the table is appended to, as markdown.</summary>
    public string? Output { get; init; }

    /// <summary>Set in a child process: the one peer to run.</summary>
    public string? Child { get; init; }

    /// <summary>Set in a child process: where its result goes.</summary>
    public string? Result { get; init; }

    /// <summary>What follows <c>kernels</c>, for BenchmarkDotNet.</summary>
    public IReadOnlyList<string> Rest { get; init; } = [];
}
