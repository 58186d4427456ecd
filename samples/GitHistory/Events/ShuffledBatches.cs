using GitHistory.Git;

namespace GitHistory.Events;

/// <summary>
/// Delivers the history the way a bad network would: in a random order, in batches of different sizes, and one event in twenty twice, half of these
/// in the same batch and half in a later one. The same history, size and seed give the same batches; the offset of a batch is its number.
/// </summary>
internal static class ShuffledBatches
{
    private const int RepeatOneIn = 20;

    /// <summary>All batches, in the order of delivery.</summary>
    /// <param name="changes">The history, oldest first.</param>
    /// <param name="batchSize">Events per batch on average; a batch has from half to one and a half times as many, and its repetitions.</param>
    /// <param name="seed">The seed.</param>
    public static IReadOnlyList<EventBatch> Cut(IReadOnlyList<GitChange> changes, int batchSize, ulong seed)
    {
        List<List<int>> batches = Plan(changes.Count, batchSize, new SplitMix64(seed));
        return [.. batches.Select((batch, number) => new EventBatch(number, [.. batch.Select(i => new FileEvent(i, changes[i]))]))];
    }

    private static List<List<int>> Plan(int count, int batchSize, SplitMix64 random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        List<List<int>> batches = [];
        int[] batchOf = new int[count];
        for (int start = 0; start < count;)
        {
            int length = Math.Min(Math.Max(1, batchSize / 2) + random.Below(batchSize), count - start);
            batchOf.AsSpan(start, length).Fill(batches.Count);
            batches.Add([.. order.AsSpan(start, length)]);
            start += length;
        }

        for (int i = 0; i < count; i++)
        {
            if (random.Below(RepeatOneIn) == 0)
            {
                int later = batchOf[i] + 1 + random.Below(Math.Max(1, batches.Count - batchOf[i] - 1));
                List<int> target = random.Below(2) == 0 || later >= batches.Count ? batches[batchOf[i]] : batches[later];
                target.Insert(random.Below(target.Count + 1), order[i]);
            }
        }

        return batches;
    }
}
