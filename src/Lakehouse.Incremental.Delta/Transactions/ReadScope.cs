using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What a plan depends on: another transaction that changes nothing of it is no reason to derive the plan anew.</summary>
internal sealed class ReadScope
{
    private readonly Func<AddFile, bool> _mayMatch;
    private readonly HashSet<string> _paths;

    private ReadScope(ReadKind kind, Func<AddFile, bool> mayMatch, HashSet<string> paths, bool rowWise)
    {
        Kind = kind;
        RowWise = rowWise;
        _mayMatch = mayMatch;
        _paths = paths;
    }

    /// <inheritdoc cref="ReadKind.Nothing"/>
    public static ReadScope Nothing { get; } = new(ReadKind.Nothing, static _ => false, [], rowWise: true);

    /// <inheritdoc cref="ReadKind.Table"/>
    public static ReadScope Table { get; } = new(ReadKind.Table, static _ => true, [], rowWise: false);

    /// <inheritdoc cref="ReadKind.Everything"/>
    public static ReadScope Everything { get; } = new(ReadKind.Everything, static _ => true, [], rowWise: false);

    public ReadKind Kind { get; }

    /// <summary>
    /// True when what becomes of a row depends on that row alone. Rows that another transaction deletes then matter only where this one changes
    /// the same rows.
    /// </summary>
    public bool RowWise { get; }

    /// <param name="mayMatch">
    /// Whether a file that another transaction adds may hold rows this one would have read; by partition values and statistics. It must be pure.
    /// </param>
    /// <param name="paths">The files read, as the log writes their paths.</param>
    /// <param name="rowWise"><inheritdoc cref="RowWise" path="/summary"/></param>
    public static ReadScope Matching(Func<AddFile, bool> mayMatch, IEnumerable<string> paths, bool rowWise = false) =>
        new(ReadKind.Matching, mayMatch, new HashSet<string>(paths.Select(LogicalFile.PathKey), StringComparer.Ordinal), rowWise);

    /// <summary>Whether rows of a new file would have been read.</summary>
    public bool MayMatch(AddFile file) => _mayMatch(file);

    /// <summary>Whether a file was read, by its path in decoded form.</summary>
    public bool Contains(string pathKey) => Kind >= ReadKind.Table || _paths.Contains(pathKey);
}
