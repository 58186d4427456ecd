using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Merging;

/// <summary>What a merge flow was built with.</summary>
internal sealed record MergeConfiguration
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Keys { get; init; }

    public required IReadOnlyList<string> Sequence { get; init; }

    public Filter? DeleteWhen { get; init; }

    /// <summary>Event columns that the target does not keep.</summary>
    public IReadOnlyList<string> ExceptColumns { get; init; } = [];

    public ScdType StoredAs { get; init; } = ScdType.Type1;

    /// <summary>The columns whose change opens a new period; null tracks all data columns.</summary>
    public IReadOnlyList<string>? TrackOnly { get; init; }

    /// <summary>Columns whose change does not open a new period.</summary>
    public IReadOnlyList<string> TrackExcept { get; init; } = [];

    /// <summary>Where events go that cannot be merged; null fails the batch.</summary>
    public QuarantineTable? Quarantine { get; init; }

    /// <summary>The most events that go into one commit; staged versions are never split.</summary>
    public long MaxRowsPerCommit { get; init; } = 1_000_000;
}
