using System.Collections.Immutable;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>The persistent collections a snapshot is made of; a commit shares all it does not change with the version before.</summary>
internal sealed record SnapshotState
{
    /// <summary>The state before version 0.</summary>
    public static SnapshotState Empty { get; } = new();

    public long Version { get; init; } = -1;

    public long Timestamp { get; init; } = long.MinValue;

    public CommitInfo? CommitInfo { get; init; }

    /// <summary>By <see cref="LogicalFile.PathKey"/>.</summary>
    public ImmutableSortedDictionary<string, AddFile> Files { get; init; } =
        ImmutableSortedDictionary.Create<string, AddFile>(StringComparer.Ordinal);

    public ImmutableDictionary<LogicalFile, RemoveFile> Tombstones { get; init; } = ImmutableDictionary<LogicalFile, RemoveFile>.Empty;

    public ImmutableSortedDictionary<string, SetTransaction> Transactions { get; init; } =
        ImmutableSortedDictionary.Create<string, SetTransaction>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, DomainMetadata> Domains { get; init; } =
        ImmutableSortedDictionary.Create<string, DomainMetadata>(StringComparer.Ordinal);

    public RowTotals Rows { get; init; }
}
