using System.Globalization;

namespace Lakehouse.Incremental.Merging;

/// <summary>What a merge did. The counts of events balance: <c>RowsIn = Applied + Duplicates + Late + Superseded + Quarantined</c>.</summary>
public sealed record MergeResult
{
    /// <summary>The target's version after the last commit of this call; null when nothing was committed.</summary>
    public long? Version { get; init; }

    /// <summary>True when everything offered had been applied before.</summary>
    public bool AlreadyApplied { get; init; }

    /// <summary>Events read.</summary>
    public long RowsIn { get; init; }

    /// <summary>Events that took effect.</summary>
    public long Applied { get; init; }

    /// <summary>Events that were in the batch twice, or that the table had seen already.</summary>
    public long Duplicates { get; init; }

    /// <summary>Events older than what the table holds for their key; they change nothing (type 1 only).</summary>
    public long Late { get; init; }

    /// <summary>Events overtaken by a later event of the same key in the same batch, or that lost a tie.</summary>
    public long Superseded { get; init; }

    /// <summary>Events that could not be merged and are in the flow's quarantine (<see cref="MergeFlowBuilder.QuarantineTo"/>).</summary>
    public long Quarantined { get; init; }

    /// <summary>Pairs of different events of one key at one sequence, decided by rule ORDER (semantics 2.0).</summary>
    public long Ties { get; init; }

    /// <summary>Applied deletes of keys the table did not hold; they are remembered against later arrivals.</summary>
    public long DeletesUnmatched { get; init; }

    /// <summary>Rows inserted into the target.</summary>
    public long Inserted { get; init; }

    /// <summary>Rows of the target that were replaced.</summary>
    public long Updated { get; init; }

    /// <summary>Rows of the target that were deleted.</summary>
    public long Deleted { get; init; }

    /// <summary>Data files added to the target.</summary>
    public int FilesAdded { get; init; }

    /// <summary>Data files that left the target. Files that only got a deletion vector stay.</summary>
    public int FilesRemoved { get; init; }

    /// <summary>Bytes of the data and change data files written.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Commits made by this call.</summary>
    public int Commits { get; init; }

    /// <summary>Time of the call.</summary>
    public TimeSpan Duration { get; init; }

    internal static MergeResult Nothing { get; } = new() { AlreadyApplied = true };

    /// <summary>Adds what one input did.</summary>
    internal MergeResult Plus(MergeStep step) => this with
    {
        Version = step.Version ?? Version,
        AlreadyApplied = AlreadyApplied && step.Counts.Applied + step.Counts.Quarantined == 0,
        Commits = Commits + (step.Version is null ? 0 : 1),
        RowsIn = RowsIn + step.Counts.RowsIn,
        Applied = Applied + step.Counts.Applied,
        Duplicates = Duplicates + step.Counts.Duplicates,
        Late = Late + step.Counts.Late,
        Superseded = Superseded + step.Counts.Superseded,
        Quarantined = Quarantined + step.Counts.Quarantined,
        Ties = Ties + step.Counts.Ties,
        DeletesUnmatched = DeletesUnmatched + step.Counts.DeletesUnmatched,
        FilesAdded = FilesAdded + step.FilesAdded,
        FilesRemoved = FilesRemoved + step.FilesRemoved,
        BytesWritten = BytesWritten + step.BytesWritten,
        Inserted = Inserted + step.Counts.Inserted,
        Updated = Updated + step.Counts.Updated,
        Deleted = Deleted + step.Counts.Deleted,
    };

    /// <summary>One line with the counts, the version and the time.</summary>
    public override string ToString()
    {
        string quarantined = Quarantined == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {Quarantined:N0} quarantined");
        if (Commits == 0)
        {
            return RowsIn == 0 ? "nothing new to merge" : string.Create(CultureInfo.InvariantCulture, $"{RowsIn:N0} in: nothing new{quarantined}");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{RowsIn:N0} in: {Updated:N0} updated, {Inserted:N0} inserted, {Deleted:N0} deleted, {Late:N0} late, {Duplicates:N0} duplicate{quarantined} · version {Version} · {Duration.TotalMilliseconds:N0} ms");
    }
}
