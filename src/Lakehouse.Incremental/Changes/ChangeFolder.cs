namespace Lakehouse.Incremental.Changes;

/// <summary>Folds a batch (semantics 2.1): groups its events by key, drops repetitions, sorts by ORDER, counts ties.</summary>
internal static class ChangeFolder
{
    private const int MaxSamples = 10;

    public static FoldedChanges Fold(ChangeBatch batch)
    {
        (int[] events, int[] starts) = GroupByKey(batch);
        (int Start, int Length)[] groups = new (int, int)[starts.Length - 1];
        long duplicates = 0;
        long ties = 0;
        List<int> samples = [];
        for (int group = 0; group < groups.Length; group++)
        {
            Span<int> members = events.AsSpan(starts[group], starts[group + 1] - starts[group]);
            int kept = members.Length;
            if (kept > 1)
            {
                members.Sort(batch.CompareOrder);
                kept = Distinct(batch, members);
                ties += CountTies(batch, members[..kept], samples);
            }

            duplicates += members.Length - kept;
            groups[group] = (starts[group], kept);
        }

        groups.AsSpan().Sort((a, b) => batch.Keys[events[a.Start]].SequenceCompareTo(batch.Keys[events[b.Start]]));
        return new FoldedChanges(events, groups, duplicates, ties, samples);
    }

    /// <summary>Rows arranged by key, each key's rows in input order, and where each key starts.</summary>
    private static (int[] Events, int[] Starts) GroupByKey(ChangeBatch batch)
    {
        Dictionary<UInt128, int> groupOf = new(batch.Count);
        int[] group = new int[batch.Count];
        for (int row = 0; row < group.Length; row++)
        {
            if (!groupOf.TryGetValue(batch.KeyHashes[row], out int id))
            {
                id = groupOf.Count;
                groupOf.Add(batch.KeyHashes[row], id);
            }

            group[row] = id;
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
        for (int row = 0; row < group.Length; row++)
        {
            events[next[group[row]]++] = row;
        }

        return (events, starts);
    }

    private static int Distinct(ChangeBatch batch, Span<int> sorted)
    {
        int kept = 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (batch.CompareOrder(sorted[kept - 1], sorted[i]) != 0)
            {
                sorted[kept++] = sorted[i];
            }
        }

        return kept;
    }

    private static long CountTies(ChangeBatch batch, ReadOnlySpan<int> events, List<int> samples)
    {
        long ties = 0;
        for (int i = 1; i < events.Length; i++)
        {
            if (batch.Sequences[events[i - 1]].SequenceEqual(batch.Sequences[events[i]]))
            {
                ties++;
                if (samples.Count < MaxSamples)
                {
                    samples.Add(events[i]);
                }
            }
        }

        return ties;
    }
}
