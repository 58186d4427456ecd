using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>A commit of another writer that became the version a transaction wanted.</summary>
internal sealed record WinningCommit
{
    public required long Version { get; init; }

    public CommitInfo? Info { get; init; }

    public ProtocolAction? Protocol { get; init; }

    public MetadataAction? Metadata { get; init; }

    public IReadOnlyList<string> Domains { get; init; } = [];

    public IReadOnlyList<string> Applications { get; init; } = [];

    /// <summary>By <see cref="LogicalFile.PathKey"/>.</summary>
    public IReadOnlyDictionary<string, AddFile> Added { get; init; } = new Dictionary<string, AddFile>();

    /// <inheritdoc cref="Added"/>
    public IReadOnlyDictionary<string, RemoveFile> Removed { get; init; } = new Dictionary<string, RemoveFile>();

    /// <summary>
    /// Files that stay and only lose rows: the positions of these rows. Files whose rows nobody asked for are missing, and so are those that got rows
    /// back: both count as removed and added.
    /// </summary>
    public IReadOnlyDictionary<string, DeletionVector> Marked { get; init; } = new Dictionary<string, DeletionVector>();

    /// <summary>Whether it only added rows without having read the table, by its own word. A commit that does not say so is none.</summary>
    public bool IsBlindAppend => Info?.IsBlindAppend == true && Removed.Count == 0;

    public static WinningCommit Of(long version, IReadOnlyList<DeltaAction> actions, IReadOnlyDictionary<string, DeletionVector> marked) => new()
    {
        Version = version,
        Info = actions.OfType<CommitInfo>().FirstOrDefault(),
        Protocol = actions.OfType<ProtocolAction>().FirstOrDefault(),
        Metadata = actions.OfType<MetadataAction>().FirstOrDefault(),
        Domains = [.. actions.OfType<DomainMetadata>().Select(static domain => domain.Domain)],
        Applications = [.. actions.OfType<SetTransaction>().Select(static txn => txn.AppId)],
        Added = ByPath(actions.OfType<AddFile>(), static file => file.Path),
        Removed = ByPath(actions.OfType<RemoveFile>(), static file => file.Path),
        Marked = marked,
    };

    // A path that is there twice breaks the protocol; the snapshot has to live with it, too, and takes the last.
    private static Dictionary<string, T> ByPath<T>(IEnumerable<T> files, Func<T, string> path)
    {
        Dictionary<string, T> byPath = new(StringComparer.Ordinal);
        foreach (T file in files)
        {
            byPath[LogicalFile.PathKey(path(file))] = file;
        }

        return byPath;
    }
}
