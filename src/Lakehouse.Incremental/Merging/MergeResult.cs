using System.Globalization;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// What a merge did. The counts of events balance: <c>RowsIn = Applied + Duplicates + Late + Superseded + TooLate + Quarantined</c> (semantics 2.41). All is bounded:
/// of ties and late events a few are kept as samples, the first by key and order of each commit.
/// </summary>
public sealed record MergeResult
{
    /// <summary>The target's version after the last commit of this call; null when nothing was committed.</summary>
    public long? Version { get; init; }

    /// <summary>True when everything offered had been applied before.</summary>
    public bool AlreadyApplied { get; init; }

    /// <summary>Events read.</summary>
    public long RowsIn { get; init; }

    /// <summary>Events that keep the rules: all but <see cref="Quarantined"/>.</summary>
    public long Valid => RowsIn - Quarantined;

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

    /// <summary>The same by their reasons, which are error codes (<see cref="Delta.ErrorCodes"/>).</summary>
    public IReadOnlyDictionary<string, long> QuarantinedByReason { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Events below the table's horizon or baseline; they are in the flow's quarantine, too (semantics 2.4).</summary>
    public long TooLate { get; init; }

    /// <summary>Pairs of different events of one key at one sequence, decided by rule ORDER (semantics 2.0).</summary>
    public long Ties { get; init; }

    /// <summary>A few of them.</summary>
    public IReadOnlyList<EventSample> TieSamples { get; init; } = [];

    /// <summary>
    /// Events older than what the table knew of their key when they arrived, whatever they did: those that are <see cref="Late"/>, and those that had effect all the same,
    /// as in a history.
    /// </summary>
    public long ArrivedLate { get; init; }

    /// <summary>A few of them.</summary>
    public IReadOnlyList<EventSample> LateSamples { get; init; } = [];

    /// <summary>Applied deletes of keys the table did not hold; they are remembered against later arrivals.</summary>
    public long DeletesUnmatched { get; init; }

    /// <summary>Deletes that the flow's state got to keep, so that older events which come later stay without effect.</summary>
    public long TombstonesWritten { get; init; }

    /// <summary>Keys whose rows were derived and are as they were before, so that nothing is written for them (semantics 2.31).</summary>
    public long KeysUnchanged { get; init; }

    /// <summary>Rows inserted into the target.</summary>
    public long Inserted { get; init; }

    /// <summary>Rows of the target that were replaced.</summary>
    public long Updated { get; init; }

    /// <summary>Rows of the target that were deleted.</summary>
    public long Deleted { get; init; }

    /// <summary>Of the replaced rows those whose period was open and has an end now (type 2).</summary>
    public long Closed { get; init; }

    /// <summary>Rows that show from now on that their key is deleted (<see cref="DeleteMode.Soft"/>).</summary>
    public long Marked { get; init; }

    /// <summary>Data files added to the target.</summary>
    public int FilesAdded { get; init; }

    /// <summary>Data files that left the target. Files that only got a deletion vector stay.</summary>
    public int FilesRemoved { get; init; }

    /// <summary>Bytes of the data and change data files written.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Bytes of the data files that left the target.</summary>
    public long BytesRemoved { get; init; }

    /// <summary>Commits made by this call.</summary>
    public int Commits { get; init; }

    /// <summary>How often another writer committed first and the commit was tried again.</summary>
    public int LostRaces { get; init; }

    /// <summary>Time of the call, by the clock of the target. For people only.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Where that time went.</summary>
    public MergeDurations Durations { get; init; } = new();

    internal static MergeResult Nothing { get; } = new() { AlreadyApplied = true };

    /// <summary>Adds what one input did.</summary>
    internal MergeResult Plus(MergeStep step) => this with
    {
        Version = step.Version ?? Version,
        AlreadyApplied = AlreadyApplied && step.Counts.Applied + step.Counts.TooLate + step.Counts.Quarantined == 0,
        Commits = Commits + (step.Version is null ? 0 : 1),
        RowsIn = RowsIn + step.Counts.RowsIn,
        Applied = Applied + step.Counts.Applied,
        Duplicates = Duplicates + step.Counts.Duplicates,
        Late = Late + step.Counts.Late,
        Superseded = Superseded + step.Counts.Superseded,
        Quarantined = Quarantined + step.Counts.Quarantined,
        QuarantinedByReason = Sum(QuarantinedByReason, step.Counts.QuarantinedByReason),
        TooLate = TooLate + step.Counts.TooLate,
        Ties = Ties + step.Counts.Ties,
        TieSamples = [.. TieSamples.Concat(step.Counts.TieSamples).Take(MergeCounts.MaxSamples)],
        ArrivedLate = ArrivedLate + step.Counts.ArrivedLate,
        LateSamples = [.. LateSamples.Concat(step.Counts.LateSamples).Take(MergeCounts.MaxSamples)],
        TombstonesWritten = TombstonesWritten + step.Counts.TombstonesWritten,
        KeysUnchanged = KeysUnchanged + step.Counts.KeysUnchanged,
        DeletesUnmatched = DeletesUnmatched + step.Counts.DeletesUnmatched,
        FilesAdded = FilesAdded + step.FilesAdded,
        FilesRemoved = FilesRemoved + step.FilesRemoved,
        BytesWritten = BytesWritten + step.BytesWritten,
        BytesRemoved = BytesRemoved + step.BytesRemoved,
        LostRaces = LostRaces + step.LostRaces,
        Inserted = Inserted + step.Counts.Inserted,
        Updated = Updated + step.Counts.Updated,
        Deleted = Deleted + step.Counts.Deleted,
        Closed = Closed + step.Counts.Closed,
        Marked = Marked + step.Counts.Marked,
    };

    /// <summary>One line with the counts, the version and the time.</summary>
    public override string ToString()
    {
        string quarantined = string.Create(CultureInfo.InvariantCulture, $"{(Quarantined == 0 ? "" : $", {Quarantined:N0} quarantined")}{(TooLate == 0 ? "" : $", {TooLate:N0} too late")}");
        if (Commits == 0)
        {
            return RowsIn == 0 ? "nothing new to merge" : string.Create(CultureInfo.InvariantCulture, $"{RowsIn:N0} in: nothing new{quarantined}");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{RowsIn:N0} in: {Updated:N0} updated, {Inserted:N0} inserted, {Deleted:N0} deleted, {Late:N0} late, {Duplicates:N0} duplicate{quarantined} · version {Version} · {Duration.TotalMilliseconds:N0} ms");
    }

    private static SortedDictionary<string, long> Sum(IReadOnlyDictionary<string, long> counts, IReadOnlyDictionary<string, long> more)
    {
        SortedDictionary<string, long> sum = new(StringComparer.Ordinal);
        foreach ((string reason, long count) in counts.Concat(more))
        {
            sum[reason] = sum.GetValueOrDefault(reason) + count;
        }

        return sum;
    }
}
