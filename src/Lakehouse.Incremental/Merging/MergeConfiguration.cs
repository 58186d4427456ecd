using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Merging;

/// <summary>What a merge flow was built with.</summary>
internal sealed record MergeConfiguration
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Keys { get; init; }

    public required IReadOnlyList<string> Sequence { get; init; }

    /// <summary>Where in time a row holds, apart from the sequence; empty when the sequence says so.</summary>
    public IReadOnlyList<string> EffectiveAt { get; init; } = [];

    /// <summary>Components of the sequence in which a null is a place in the order: columns, and fields of structs by their paths.</summary>
    public IReadOnlyList<string> NullsFirst { get; init; } = [];

    public Filter? DeleteWhen { get; init; }

    public Filter? TruncateWhen { get; init; }

    public Filter? SnapshotReadWhen { get; init; }

    /// <summary>The column of operation codes; null when conditions say what an event does.</summary>
    public string? OperationColumn { get; init; }

    public OperationCodes Operations { get; init; } = new();

    public DeleteMode DeleteMode { get; init; } = DeleteMode.Hard;

    public bool DeleteWinsTies { get; init; }

    public AmbiguousTie AmbiguousTie { get; init; } = AmbiguousTie.Resolve;

    /// <summary>Columns in which a null says nothing; null for none, empty for all.</summary>
    public IReadOnlyList<string>? IgnoreNulls { get; init; }

    /// <summary>The column of each event that names the columns it sets.</summary>
    public string? ColumnsToUpdate { get; init; }

    /// <summary>The text that stands for a cell that is not set.</summary>
    public string? UnsetMarker { get; init; }

    /// <summary>Columns with a clock of their own.</summary>
    public IReadOnlyList<SequenceGroup> Groups { get; init; } = [];

    /// <summary>Event columns with the key before a change of keys, one for each key column; empty when keys do not change.</summary>
    public IReadOnlyList<string> PreviousKeys { get; init; } = [];

    /// <summary>A null in a key column is a value like any other.</summary>
    public bool NullSafeKeys { get; init; }

    public SchemaPolicy SchemaPolicy { get; init; } = SchemaPolicy.AddNullable;

    /// <summary>Event columns that the target does not keep.</summary>
    public IReadOnlyList<string> ExceptColumns { get; init; } = [];

    public ScdType StoredAs { get; init; } = ScdType.Type1;

    /// <summary>The columns whose change opens a new period; null tracks all data columns.</summary>
    public IReadOnlyList<string>? TrackOnly { get; init; }

    /// <summary>Columns whose change does not open a new period.</summary>
    public IReadOnlyList<string> TrackExcept { get; init; } = [];

    public UntrackedScope UntrackedScope { get; init; } = UntrackedScope.CurrentRun;

    public HistoryColumns History { get; init; } = HistoryColumns.Default;

    /// <summary>Where events go that cannot be merged; null fails the batch.</summary>
    public QuarantineTable? Quarantine { get; init; }

    /// <summary>The most events that go into one commit; staged versions are never split.</summary>
    public long MaxRowsPerCommit { get; init; } = 1_000_000;

    /// <summary>A batch may pass numbers over.</summary>
    public bool AllowsGaps { get; init; }

    public bool IsHistory => StoredAs == ScdType.Type2;

    /// <summary>The columns that order the events of a key: where in time they hold, then the sequence.</summary>
    public IReadOnlyList<string> Order => [.. EffectiveAt, .. Sequence];

    /// <summary>The columns from which on a row holds.</summary>
    public IReadOnlyList<string> Position => EffectiveAt.Count > 0 ? EffectiveAt : Sequence;

    /// <summary>Columns that only steer the flow: the target does not keep them.</summary>
    public IReadOnlyList<string> Dropped =>
        [.. ExceptColumns, .. PreviousKeys, .. ColumnsToUpdate is { } column ? [column] : (string[])[]];
}
