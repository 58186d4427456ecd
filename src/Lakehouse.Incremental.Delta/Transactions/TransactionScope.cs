using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What a plan reads and changes, in the form in which it is compared with the commits of others.</summary>
internal sealed record TransactionScope
{
    public required ReadScope Reads { get; init; }

    /// <summary>Protocol of the snapshot the plan was derived from.</summary>
    public required ProtocolAction Protocol { get; init; }

    /// <summary>Metadata of the snapshot the plan was derived from.</summary>
    public required MetadataAction Metadata { get; init; }

    public bool ChangesProtocol { get; init; }

    public bool ChangesMetadata { get; init; }

    /// <summary>True when rows are written to other files than they were read from.</summary>
    public bool CopiesRows { get; init; }

    public IReadOnlySet<string> Domains { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Applications { get; init; } = new HashSet<string>();

    /// <summary>The removed files by <see cref="LogicalFile.PathKey"/>, also those that stay with another deletion vector.</summary>
    public IReadOnlyDictionary<string, RemoveFile> Removed { get; init; } = new Dictionary<string, RemoveFile>();

    /// <summary>Files that stay as they are and are added again, with other statistics say, by <see cref="LogicalFile.PathKey"/>.</summary>
    public IReadOnlySet<string> Restated { get; init; } = new HashSet<string>();

    /// <summary>Files that stay and lose rows: the positions of these rows, by <see cref="LogicalFile.PathKey"/>.</summary>
    public IReadOnlyDictionary<string, DeletionVector> Marked { get; init; } = new Dictionary<string, DeletionVector>();

    /// <summary>Files whose live rows are moved to known places in new files, by <see cref="LogicalFile.PathKey"/>.</summary>
    public IReadOnlySet<string> Moved { get; init; } = new HashSet<string>();

    /// <param name="plan">The plan.</param>
    /// <param name="snapshot">What it was derived from.</param>
    /// <param name="marked">The rows it marks, as <see cref="MarkedRows"/> reads them.</param>
    public static TransactionScope Of(CommitPlan plan, Snapshot snapshot, IReadOnlyDictionary<string, DeletionVector> marked)
    {
        Dictionary<string, RemoveFile> removed =
            plan.Actions.OfType<RemoveFile>().ToDictionary(static file => LogicalFile.PathKey(file.Path), StringComparer.Ordinal);
        HashSet<string> added = [.. plan.Actions.OfType<AddFile>().Select(static file => LogicalFile.PathKey(file.Path))];
        return new TransactionScope
        {
            Reads = plan.Reads,
            Protocol = snapshot.Protocol,
            Metadata = snapshot.Metadata,
            ChangesProtocol = plan.Actions.Any(static action => action is ProtocolAction),
            ChangesMetadata = plan.Actions.Any(static action => action is MetadataAction),
            CopiesRows = removed.Count > 0 && added.Any(path => !marked.ContainsKey(path)),
            Domains = plan.Actions.OfType<DomainMetadata>().Select(static domain => domain.Domain).ToHashSet(StringComparer.Ordinal),
            Applications = plan.Actions.OfType<SetTransaction>().Select(static txn => txn.AppId).ToHashSet(StringComparer.Ordinal),
            Removed = removed,
            Restated = added.Where(path => !removed.ContainsKey(path) && snapshot.TryGetFile(path, out _)).ToHashSet(StringComparer.Ordinal),
            Marked = marked,
            Moved = plan.Moves.SelectMany(static move => move.Sources).Select(static source => source.PathKey).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>Whether the rows a winner marked in a file must be known to judge it.</summary>
    public bool MustKnowRowsOf(AddFile file) =>
        Reads.Kind != ReadKind.Everything && (Removed.ContainsKey(LogicalFile.PathKey(file.Path)) || Reads.MayMatch(file));
}
