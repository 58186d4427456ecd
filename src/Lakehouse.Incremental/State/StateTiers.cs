namespace Lakehouse.Incremental.State;

/// <summary>
/// When runs of records are merged: the youngest ones together, as soon as four of them are each not much larger than all younger ones together. So n
/// records lie in O(log n) runs, and a record is rewritten O(log n) times.
/// </summary>
internal static class StateTiers
{
    private const int MinRuns = 4;
    private const int SizeRatio = 2;

    /// <summary>The first run of those to merge; the number of runs when none is due.</summary>
    /// <param name="sizes">Records by run, oldest first; the last one is the new run.</param>
    public static int FirstToMerge(ReadOnlySpan<long> sizes)
    {
        if (sizes.IsEmpty)
        {
            return 0;
        }

        int first = sizes.Length - 1;
        long total = Math.Max(sizes[first], 1);
        while (first > 0 && sizes[first - 1] <= total * SizeRatio)
        {
            total += sizes[--first];
        }

        return sizes.Length - first >= MinRuns ? first : sizes.Length;
    }
}
