namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What became of one attempt to commit. A lost race is a value, not an exception.</summary>
internal abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>The commit stands as <paramref name="Version"/>; <paramref name="Bytes"/> were written to the log.</summary>
    public sealed record Committed(long Version, long Bytes) : CommitOutcome;

    /// <summary>Another writer's commit stands as <paramref name="Version"/>. Nothing of ours is visible.</summary>
    public sealed record LostRace(long Version) : CommitOutcome;
}
