using System.Globalization;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>What an aggregate flow did. The counts balance: <c>RowsIn = Added + Retracted</c>.</summary>
public sealed record AggregateResult
{
    /// <summary>The version of the aggregate table after the commit; null when nothing was committed.</summary>
    public long? Version { get; init; }

    /// <summary>True when every version of the input had been consumed before.</summary>
    public bool AlreadyApplied { get; init; }

    /// <summary>Versions of the input greater than this were consumed; -1 when it began with the whole table.</summary>
    public long FromVersion { get; init; }

    /// <summary>Versions of the input up to this one were consumed.</summary>
    public long ToVersion { get; init; }

    /// <summary>
    /// True when all rows of the input were read, because nothing was consumed before or its changes could not be told (no change data feed, or a log
    /// that no longer reaches back).
    /// </summary>
    public bool IsFullRefresh { get; init; }

    /// <summary>Rows of change data read, of an update both images; with <see cref="IsFullRefresh"/>, rows of the input.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows added to groups.</summary>
    public long Added { get; init; }

    /// <summary>Rows taken away from groups.</summary>
    public long Retracted { get; init; }

    /// <summary>Groups touched.</summary>
    public long Groups { get; init; }

    /// <summary>Groups whose minimum or maximum was retracted, so that their rows were read again.</summary>
    public long Recomputed { get; init; }

    /// <summary>Rows inserted into the aggregate table.</summary>
    public long Inserted { get; init; }

    /// <summary>Rows of the aggregate table that were replaced.</summary>
    public long Updated { get; init; }

    /// <summary>Rows of the aggregate table that were deleted, since their group is empty.</summary>
    public long Deleted { get; init; }

    /// <summary>Time of the call.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>One line with the counts, the version and the time.</summary>
    public override string ToString()
    {
        if (Version is null)
        {
            return "nothing new to aggregate";
        }

        CultureInfo culture = CultureInfo.InvariantCulture;
        return string.Create(culture, $"{RowsIn:N0} changes in: {Updated:N0} groups updated, {Inserted:N0} inserted, {Deleted:N0} deleted")
            + string.Create(culture, $" · version {Version} · {Duration.TotalMilliseconds:N0} ms");
    }
}
