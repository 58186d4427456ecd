using System.Numerics;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>Many members: one bit for each position.</summary>
internal sealed class BitmapContainer(ulong[] words, int cardinality) : Container
{
    public override int Cardinality => cardinality;

    public ReadOnlySpan<ulong> Words => words;

    public override int Last
    {
        get
        {
            int word = words.Length - 1;
            while (words[word] == 0)
            {
                word--;
            }

            return (word << 6) + BitOperations.Log2(words[word]);
        }
    }

    public override bool Contains(ushort low) => (words[low >> 6] >> (low & 63) & 1) != 0;

    public override void ClearMembers(int first, Span<bool> keep)
    {
        int end = first + keep.Length;
        for (int word = first >> 6; word < words.Length && word << 6 < end; word++)
        {
            for (ulong bits = words[word]; bits != 0; bits &= bits - 1)
            {
                int at = (word << 6) + BitOperations.TrailingZeroCount(bits) - first;
                if ((uint)at < (uint)keep.Length)
                {
                    keep[at] = false;
                }
            }
        }
    }

    public override void OrInto(Span<ulong> target)
    {
        for (int i = 0; i < words.Length; i++)
        {
            target[i] |= words[i];
        }
    }

    public override void CopyTo(Span<ushort> lows)
    {
        int count = 0;
        for (int word = 0; word < words.Length; word++)
        {
            for (ulong bits = words[word]; bits != 0; bits &= bits - 1)
            {
                lows[count++] = (ushort)((word << 6) + BitOperations.TrailingZeroCount(bits));
            }
        }
    }
}
