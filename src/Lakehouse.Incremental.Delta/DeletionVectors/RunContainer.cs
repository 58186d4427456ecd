namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>
/// Runs of members as other writers store them: pairs of first position and length minus one. Kept as they are, since a few bytes of a
/// forged file must not become many bytes of memory.
/// </summary>
internal sealed class RunContainer(ushort[] runs, int cardinality) : Container
{
    public override int Cardinality => cardinality;

    public override int Last => runs[^2] + runs[^1];

    public override bool Contains(ushort low)
    {
        int from = 0;
        int to = (runs.Length >> 1) - 1;
        while (from <= to)
        {
            int middle = (from + to) >> 1;
            int start = runs[middle << 1];
            if (low < start)
            {
                to = middle - 1;
            }
            else if (low > start + runs[(middle << 1) + 1])
            {
                from = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    public override void ClearMembers(int first, Span<bool> keep)
    {
        for (int run = 0; run < runs.Length; run += 2)
        {
            int from = Math.Max(runs[run] - first, 0);
            int to = Math.Min(runs[run] + runs[run + 1] + 1 - first, keep.Length);
            if (from < to)
            {
                keep[from..to].Clear();
            }
        }
    }

    public override void OrInto(Span<ulong> words)
    {
        for (int run = 0; run < runs.Length; run += 2)
        {
            for (int low = runs[run], last = runs[run] + runs[run + 1]; low <= last; low++)
            {
                words[low >> 6] |= 1UL << (low & 63);
            }
        }
    }

    public override void CopyTo(Span<ushort> lows)
    {
        int count = 0;
        for (int run = 0; run < runs.Length; run += 2)
        {
            for (int low = runs[run], last = runs[run] + runs[run + 1]; low <= last; low++)
            {
                lows[count++] = (ushort)low;
            }
        }
    }
}
