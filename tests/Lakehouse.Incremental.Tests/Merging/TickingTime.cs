namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>A clock that goes on by one millisecond with each look at its ticks.</summary>
internal sealed class TickingTime : TimeProvider
{
    private long _looks;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Interlocked.Increment(ref _looks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50);
}
