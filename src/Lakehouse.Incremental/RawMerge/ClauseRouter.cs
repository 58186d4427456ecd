namespace Lakehouse.Incremental.RawMerge;

/// <summary>Gives rows to clauses: each to the first one of its family that is for it.</summary>
internal static class ClauseRouter
{
    /// <param name="clauses">The clauses of one family, in order.</param>
    /// <param name="rows">The rows of that family.</param>
    /// <param name="names">Names rows for which a condition has no result.</param>
    /// <param name="isFor">What the nth clause demands of a row besides its condition; null for nothing.</param>
    /// <returns>Each clause with its rows, as ascending positions; rows that no clause takes are left out.</returns>
    public static IReadOnlyList<(BoundClause Clause, int[] Rows)> Route(
        IReadOnlyList<BoundClause> clauses, JoinedRows rows, RowNames names, Func<int, int, bool>? isFor = null)
    {
        List<(BoundClause Clause, int[] Rows)> routed = [];
        int[] left = JoinedRows.All(rows.Count);
        for (int i = 0; i < clauses.Count; i++)
        {
            // A condition is asked only about rows that are still open: it may have no result for others.
            int clause = i;
            int[] open = isFor is null ? left : [.. left.Where(row => isFor(clause, row))];
            int[] taken = clauses[i].Condition is not { } condition || open.Length == 0
                ? open
                : Marked(open, names.Run(rows.Pick(open), part => part.Holds(condition)));
            routed.Add((clauses[i], taken));
            left = taken.Length == 0 ? left : Without(left, taken);
        }

        return routed;
    }

    private static int[] Marked(int[] rows, bool[] marks) => [.. rows.Where((_, i) => marks[i])];

    // Both ascend.
    private static int[] Without(int[] rows, int[] taken)
    {
        int[] rest = new int[rows.Length - taken.Length];
        int next = 0;
        int count = 0;
        foreach (int row in rows)
        {
            if (next < taken.Length && taken[next] == row)
            {
                next++;
            }
            else
            {
                rest[count++] = row;
            }
        }

        return rest;
    }
}
