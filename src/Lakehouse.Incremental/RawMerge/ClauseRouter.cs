namespace Lakehouse.Incremental.RawMerge;

/// <summary>Gives rows to clauses: each to the first one of its family that is for it.</summary>
internal static class ClauseRouter
{
    /// <param name="clauses">The clauses of one family, in order.</param>
    /// <param name="rows">The rows of that family.</param>
    /// <param name="names">Names rows for which a condition has no result.</param>
    /// <param name="isFor">What a clause demands besides its condition; null for nothing.</param>
    /// <returns>Each clause with its rows, as ascending positions; rows that no clause takes are left out.</returns>
    public static IReadOnlyList<(BoundClause Clause, int[] Rows)> Route(
        IReadOnlyList<BoundClause> clauses, JoinedRows rows, RowNames names, Func<BoundClause, IReadOnlyList<int>, bool[]>? isFor = null)
    {
        List<(BoundClause Clause, int[] Rows)> routed = [];
        List<int> left = [.. JoinedRows.All(rows.Count)];
        foreach (BoundClause clause in clauses)
        {
            bool[] takes = new bool[left.Count];
            System.Array.Fill(takes, true);
            if (isFor is not null)
            {
                takes = isFor(clause, left);
            }

            // A condition is asked only about rows that are still open: it may have no result for others.
            int[] open = [.. Enumerable.Range(0, takes.Length).Where(i => takes[i])];
            bool[]? holds = clause.Condition is null || open.Length == 0
                ? null
                : names.Run(rows.Pick([.. open.Select(i => left[i])]), part => part.Holds(clause.Condition));
            for (int i = 0; i < open.Length; i++)
            {
                takes[open[i]] = holds?[i] != false;
            }

            routed.Add((clause, [.. left.Where((_, i) => takes[i])]));
            left = [.. left.Where((_, i) => !takes[i])];
        }

        return routed;
    }
}
