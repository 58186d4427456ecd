namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>One timed step.</summary>
internal sealed record Sample(double Seconds, long BytesWritten, Effects Effects);
