namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>
/// The members of one block of 65,536 row positions, by their low 16 bits. Never empty and never changed after construction, so that
/// bitmaps share the containers they have in common.
/// </summary>
internal abstract class Container
{
    /// <summary>Positions a container spans.</summary>
    public const int Span = 1 << 16;

    /// <summary>The format stores more members than this as a bitmap, and no more than this as an array.</summary>
    public const int MaxArrayLength = 4096;

    /// <summary>64-bit words of a container as a bitmap.</summary>
    public const int WordCount = Span / 64;

    public abstract int Cardinality { get; }

    public abstract int Last { get; }

    public abstract bool Contains(ushort low);

    /// <summary>Clears <paramref name="keep"/>[i] for every member <paramref name="first"/> + i.</summary>
    public abstract void ClearMembers(int first, Span<bool> keep);

    /// <summary>Sets the bits of the members.</summary>
    public abstract void OrInto(Span<ulong> words);

    /// <summary>Writes the members in ascending order, <see cref="Cardinality"/> of them.</summary>
    public abstract void CopyTo(Span<ushort> lows);

    /// <summary>The smallest container of the members of a bitmap, or null when it has none.</summary>
    public static Container? FromWords(ulong[] words)
    {
        int cardinality = 0;
        foreach (ulong word in words)
        {
            cardinality += System.Numerics.BitOperations.PopCount(word);
        }

        if (cardinality == 0)
        {
            return null;
        }

        BitmapContainer bitmap = new(words, cardinality);
        if (cardinality > MaxArrayLength)
        {
            return bitmap;
        }

        ushort[] lows = new ushort[cardinality];
        bitmap.CopyTo(lows);
        return new ArrayContainer(lows);
    }

    public static Container Union(Container a, Container b)
    {
        if (a is ArrayContainer left && b is ArrayContainer right && a.Cardinality + b.Cardinality <= MaxArrayLength)
        {
            return ArrayContainer.Merge(left, right);
        }

        ulong[] words = new ulong[WordCount];
        a.OrInto(words);
        b.OrInto(words);
        return FromWords(words)!;
    }

    /// <summary>Members of <paramref name="a"/> that are not in <paramref name="b"/>, or null when there is none.</summary>
    public static Container? Except(Container a, Container b)
    {
        ulong[] words = new ulong[WordCount];
        ulong[] removed = new ulong[WordCount];
        a.OrInto(words);
        b.OrInto(removed);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] &= ~removed[i];
        }

        return FromWords(words);
    }
}
