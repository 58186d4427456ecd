namespace Lakehouse.Incremental.Changes;

/// <summary>Folds a batch (semantics 2.1): groups its events by key, drops repetitions, sorts by ORDER.</summary>
internal static class ChangeFolder
{
    public static FoldedChanges Fold(ChangeBatch batch)
    {
        (int[] events, int[] starts) = GroupByKey(batch);
        (int Start, int Length)[] groups = new (int, int)[starts.Length - 1];
        long duplicates = 0;
        for (int group = 0; group < groups.Length; group++)
        {
            Span<int> members = events.AsSpan(starts[group], starts[group + 1] - starts[group]);
            int kept = members.Length;
            if (kept > 1)
            {
                members.Sort((left, right) => batch.CompareOrder(left, batch, right));
                kept = Distinct(batch, members);
            }

            duplicates += members.Length - kept;
            groups[group] = (starts[group], kept);
        }

        groups.AsSpan().Sort((a, b) => batch.Keys[events[a.Start]].SequenceCompareTo(batch.Keys[events[b.Start]]));
        return new FoldedChanges(events, groups, duplicates);
    }

    /// <summary>Rows arranged by key, each key's rows in input order, and where each key starts.</summary>
    private static (int[] Events, int[] Starts) GroupByKey(ChangeBatch batch)
    {
        // What holds for all keys belongs to none.
        int[] rows = [.. Enumerable.Range(0, batch.Count).Where(row => batch.Kinds[row] < EventKind.Truncate)];
        Dictionary<UInt128, int> groupOf = new(rows.Length);
        int[] group = new int[rows.Length];
        for (int i = 0; i < group.Length; i++)
        {
            int row = rows[i];
            if (!groupOf.TryGetValue(batch.KeyHashes[row], out int id))
            {
                id = groupOf.Count;
                groupOf.Add(batch.KeyHashes[row], id);
            }

            group[i] = id;
        }

        int[] starts = new int[groupOf.Count + 1];
        foreach (int id in group)
        {
            starts[id + 1]++;
        }

        for (int id = 1; id < starts.Length; id++)
        {
            starts[id] += starts[id - 1];
        }

        int[] next = starts[..^1];
        int[] events = new int[group.Length];
        for (int i = 0; i < group.Length; i++)
        {
            events[next[group[i]]++] = rows[i];
        }

        return (events, starts);
    }

    private static int Distinct(ChangeBatch batch, Span<int> sorted)
    {
        int kept = 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (batch.CompareOrder(sorted[kept - 1], batch, sorted[i]) != 0)
            {
                sorted[kept++] = sorted[i];
            }
        }

        return kept;
    }
}
