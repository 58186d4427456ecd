using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Which columns of which target rows conditions and new values speak of. Of the others nothing is read, unless a row gets into a new file, or what it was
/// is asked for.
/// </summary>
internal sealed class TargetNeeds
{
    private readonly bool _withKey;
    private readonly bool _withoutKey;

    /// <param name="merge">The statement.</param>
    /// <param name="after">The version that is merged into, with the columns it will have.</param>
    /// <param name="names">Whether rows may have to be named, for which their key is needed.</param>
    public TargetNeeds(BoundMerge merge, Snapshot after, bool names)
    {
        ReadsAll = merge.ChangesRows && after.TableProperties.EnableChangeDataFeed;
        RowRules rules = RowRules.Of(after);
        HashSet<int> matched = [.. OfTarget(merge, merge.On.Residual), .. merge.Matched.SelectMany(clause => Of(merge, clause, rules))];
        HashSet<int> unmatched = [.. merge.NotMatchedBySource.SelectMany(clause => Of(merge, clause, rules))];
        if (names && merge.NotMatchedBySource.Any(static clause => clause.Condition is not null || clause.Values.Count > 0))
        {
            unmatched.UnionWith(merge.On.Keys.SelectMany(static key => key.Target.Columns));
        }

        _withKey = ReadsAll || matched.Count > 0 || (unmatched.Count > 0 && merge.On.Residual is not null);
        _withoutKey = ReadsAll || unmatched.Count > 0;
        Columns = ReadsAll ? JoinedRows.All(after.Schema.FieldsList.Count) : [.. matched.Union(unmatched).Order()];
    }

    /// <summary>Whether a change data feed wants the rows as they were, so that all columns of all rows are read at once.</summary>
    public bool ReadsAll { get; }

    /// <summary>By position, ascending.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>The rows they are needed of, ascending.</summary>
    public int[] Rows(TargetMatches target)
    {
        if (_withKey && _withoutKey)
        {
            return JoinedRows.All(target.Count);
        }

        List<int> rows = [];
        ReadOnlySpan<int> sources = target.Sources;
        for (int row = 0; row < sources.Length; row++)
        {
            if (sources[row] >= 0 ? _withKey : _withoutKey)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private static IEnumerable<int> Of(BoundMerge merge, BoundClause clause, RowRules rules) =>
    [
        .. OfTarget(merge, clause.Condition),
        .. clause.Values.SelectMany(value => OfTarget(merge, value.Value)),
        .. NewRows.Derived(clause, rules).SelectMany(static generated => generated.Value.Columns)
            .Where(column => !clause.Values.Any(value => value.Column == column)),
    ];

    private static IEnumerable<int> OfTarget(BoundMerge merge, BoundExpression? expression) => (expression?.Columns ?? []).Where(merge.Sides.IsTarget);
}
