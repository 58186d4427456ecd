namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>Few members: their low bits, ascending.</summary>
internal sealed class ArrayContainer(ushort[] lows) : Container
{
    public override int Cardinality => lows.Length;

    public override int Last => lows[^1];

    public ReadOnlySpan<ushort> Lows => lows;

    public static ArrayContainer Merge(ArrayContainer a, ArrayContainer b)
    {
        ReadOnlySpan<ushort> left = a.Lows;
        ReadOnlySpan<ushort> right = b.Lows;
        Span<ushort> merged = stackalloc ushort[MaxArrayLength];
        int i = 0;
        int j = 0;
        int count = 0;
        while (i < left.Length && j < right.Length)
        {
            ushort next = Math.Min(left[i], right[j]);
            i += left[i] == next ? 1 : 0;
            j += right[j] == next ? 1 : 0;
            merged[count++] = next;
        }

        ReadOnlySpan<ushort> rest = i < left.Length ? left[i..] : right[j..];
        rest.CopyTo(merged[count..]);
        return new ArrayContainer(merged[..(count + rest.Length)].ToArray());
    }

    public override bool Contains(ushort low) => Lows.BinarySearch(low) >= 0;

    public override void ClearMembers(int first, Span<bool> keep)
    {
        int start = first == 0 ? 0 : Lows.BinarySearch((ushort)first);
        for (int i = start < 0 ? ~start : start; i < lows.Length && lows[i] - first < keep.Length; i++)
        {
            keep[lows[i] - first] = false;
        }
    }

    public override void OrInto(Span<ulong> words)
    {
        foreach (ushort low in lows)
        {
            words[low >> 6] |= 1UL << (low & 63);
        }
    }

    public override void CopyTo(Span<ushort> target) => lows.CopyTo(target);
}
