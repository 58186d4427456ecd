using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// The part of the target that a source speaks for: only there the absence of a source row means something. It has to be given, because a source that
/// holds less than the table would otherwise delete or change all the rest.
/// </summary>
public sealed class MergeScope
{
    private MergeScope(Filter? filter) => Filter = filter;

    /// <summary>The source speaks for all rows of the table.</summary>
    public static MergeScope WholeTable { get; } = new(null);

    /// <summary>Null for the whole table.</summary>
    internal Filter? Filter { get; }

    /// <summary>The source speaks for the rows for which a condition is true; files that hold none are not read.</summary>
    /// <param name="filter">A condition over columns of the target.</param>
    public static MergeScope Where(Filter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new MergeScope(filter);
    }
}
