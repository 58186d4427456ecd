namespace Lakehouse.Incremental.Delta.Tests.Log;

/// <summary>A clock that stands where the test puts it.</summary>
internal sealed class ManualTime : TimeProvider
{
    public long Milliseconds { get; set; } = 1_700_000_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
}
