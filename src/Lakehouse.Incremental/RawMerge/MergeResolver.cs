using Apache.Arrow;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Works out what clauses do with rows of the target, from the rows that match.</summary>
/// <param name="merge">The statement.</param>
/// <param name="source">The source.</param>
/// <param name="index">The source by key.</param>
/// <param name="newRows">Makes values.</param>
/// <param name="cardinality">Checks that there is one result.</param>
/// <param name="matchedSource">Is set for the rows of the source that match a row of the target.</param>
internal sealed class MergeResolver(
    BoundMerge merge, RecordBatch source, SourceIndex index, NewRows newRows, MergeCardinality cardinality, bool[] matchedSource)
{
    /// <param name="target">Rows of the target.</param>
    /// <param name="values">Their values, as far as conditions and new values need them.</param>
    /// <param name="names">Names rows that have no result.</param>
    /// <param name="threads">How many threads may work for it.</param>
    public ResolvedRows Resolve(TargetMatches target, TargetValues values, RowNames names, int threads)
    {
        MatchedPairs pairs = MatchedPairs.Of(merge, target, values, source, index, names, matchedSource);
        List<UpdatedRows> updates = [];
        bool[] deleted = new bool[target.Count];
        int[] takenSources = ResolveMatched(pairs, names, threads, updates, deleted);
        if (merge.NotMatchedBySource.Count > 0)
        {
            ResolveNotMatchedBySource(target, JoinedRows.OfTarget(merge.Sides, values, pairs.TargetRowsWithout), names, threads, updates, deleted);
        }

        return new ResolvedRows(pairs, updates, deleted, takenSources);
    }

    private int[] ResolveMatched(MatchedPairs pairs, RowNames names, int threads, List<UpdatedRows> updates, bool[] deleted)
    {
        if (merge.Matched.Count == 0)
        {
            return [];
        }

        IReadOnlyList<(BoundClause Clause, int[] Rows)> routed = ClauseRouter.Route(merge.Matched, pairs.Rows, names);
        (BoundClause Clause, JoinedRows Rows)[] parts = [.. routed.Select(part => (part.Clause, pairs.Rows.Pick(part.Rows)))];
        if (!merge.MatchesMayRepeat && !merge.TakesEachMatch)
        {
            cardinality.CheckOneSource(Taken(parts), deleted.Length);
        }

        if (merge.Definition.UniqueKeys)
        {
            cardinality.CheckOneTarget(Taken(parts));
        }

        foreach ((BoundClause clause, JoinedRows rows) in parts)
        {
            Apply(clause, rows, names, threads, updates, deleted);
        }

        return merge.Definition.UniqueKeys ? [.. parts.SelectMany(static part => part.Rows.SourceRows)] : [];
    }

    private static IEnumerable<(int Target, int Source)> Taken((BoundClause Clause, JoinedRows Rows)[] parts) =>
        parts.SelectMany(static part => part.Rows.TargetRows.Zip(part.Rows.SourceRows));

    private void ResolveNotMatchedBySource(
        TargetMatches target, JoinedRows rows, RowNames names, int threads, List<UpdatedRows> updates, bool[] deleted)
    {
        IReadOnlyList<(BoundClause Clause, int[] Rows)> routed =
            ClauseRouter.Route(merge.NotMatchedBySource, rows, names, (clause, row) => target.IsInScope(clause, rows.TargetRows[row]));
        foreach ((BoundClause clause, int[] part) in routed)
        {
            Apply(clause, rows.Pick(part), names, threads, updates, deleted);
        }
    }

    private void Apply(BoundClause clause, JoinedRows rows, RowNames names, int threads, List<UpdatedRows> updates, bool[] deleted)
    {
        if (clause.Clause.Action == MergeAction.Delete)
        {
            foreach (int row in rows.TargetRows)
            {
                deleted[row] = true;
            }
        }
        else if (rows.Count > 0)
        {
            updates.Add(new UpdatedRows(clause, rows, names.Run(rows, part => newRows.Update(clause, part, threads))));
        }
    }
}
