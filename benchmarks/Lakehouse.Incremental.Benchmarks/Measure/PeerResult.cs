namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>What was measured of one peer in its process.</summary>
internal sealed record PeerResult
{
    public required string Peer { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>Batches applied to each copy.</summary>
    public required int Batches { get; init; }

    public required long PeakMemory { get; init; }

    /// <summary>Count and checksum of the rows at the end; null when not asked for.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Further measures by name.</summary>
    public IReadOnlyDictionary<string, double> More { get; init; } = new Dictionary<string, double>();

    public IReadOnlyList<double> Seconds => [.. Samples.Select(static s => s.Seconds)];

    public double Median => Statistics.Percentile(Seconds, 0.5);

    public double MedianCpu => Statistics.Percentile([.. Samples.Select(static s => s.CpuSeconds)], 0.5);

    public double MedianBytes => Statistics.Percentile([.. Samples.Select(static s => (double)s.BytesWritten)], 0.5);

    /// <summary>The step whose time is the median, or the next longer one.</summary>
    public Sample Typical => Samples.OrderBy(static s => s.Seconds).ElementAt(Samples.Count / 2);
}
