namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>One timed step.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="CpuSeconds">That all threads of the process computed; on a busy machine the fairer number.</param>
/// <param name="BytesWritten">Given to write calls.</param>
/// <param name="Effects">What the peer says it did.</param>
internal sealed record Sample(double Seconds, double CpuSeconds, long BytesWritten, Effects Effects);
