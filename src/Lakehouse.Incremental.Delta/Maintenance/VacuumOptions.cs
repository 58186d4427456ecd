namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>What <see cref="DeltaTable.VacuumAsync"/> deletes.</summary>
public sealed record VacuumOptions
{
    /// <summary>
    /// How old a file, and how long ago the last version that needs it, must be. Default (null): the table's
    /// <c>delta.deletedFileRetentionDuration</c>, which is 7 days unless set.
    /// </summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Only find out what would be deleted. Default true.</summary>
    public bool DryRun { get; init; } = true;

    /// <summary>
    /// Allows a retention shorter than the table's. Then readers of older versions lose their files, and a writer that takes longer than the retention
    /// may lose the files it is about to commit. Default false.
    /// </summary>
    public bool AllowShorterRetention { get; init; }

    internal void Validate()
    {
        if (Retention is { } retention)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(retention, TimeSpan.Zero);
        }
    }
}
