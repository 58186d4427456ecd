using System.IO.Hashing;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The source rows by their key; rows of one key in ascending order. A table of numbers, so that it costs no object a key.</summary>
internal sealed class SourceIndex
{
    private const int RowBits = 32;
    private const int BlockRows = 256;

    // One more than the first row of a key, below the upper half of its hash; 0 where there is none. At most half of them are taken.
    private readonly ulong[] _slots;
    private readonly int[] _next;

    // Called once a merge for all rows: it would run to its end in the slow form that code has at first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SourceIndex(KeyRows keys)
    {
        Keys = keys;
        _next = new int[keys.Count];
        _slots = new ulong[BitOperations.RoundUpToPowerOf2((ulong)Math.Max(keys.Count, 1)) * 2];
        for (int row = keys.Count - 1; row >= 0; row--)
        {
            _next[row] = -1;
            if (keys.CanMatch(row))
            {
                ulong hash = XxHash3.HashToUInt64(keys[row]);
                int slot = Slot(keys[row], hash);
                _next[row] = RowOf(_slots[slot]);
                _slots[slot] = (hash >> RowBits << RowBits) | (uint)(row + 1);
                HasKeys = true;
            }
        }
    }

    public KeyRows Keys { get; }

    /// <summary>False when no row can match anything.</summary>
    public bool HasKeys { get; }

    /// <summary>The first row of each row's key among rows of the target; -1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int[] Find(KeyRows target)
    {
        int[] found = new int[target.Count];
        Span<ulong> hashes = stackalloc ulong[BlockRows];
        for (int first = 0; first < found.Length; first += BlockRows)
        {
            // Apart from each other, since the processor looks up several keys at once when nothing is between.
            int count = Math.Min(BlockRows, found.Length - first);
            for (int i = 0; i < count; i++)
            {
                hashes[i] = XxHash3.HashToUInt64(target[first + i]);
            }

            for (int i = 0; i < count; i++)
            {
                int row = first + i;
                found[row] = target.CanMatch(row) ? RowOf(_slots[Slot(target[row], hashes[i])]) : -1;
            }
        }

        return found;
    }

    /// <summary>A row, and those of the same key behind it.</summary>
    public IEnumerable<int> From(int row)
    {
        for (; row >= 0; row = _next[row])
        {
            yield return row;
        }
    }

    /// <summary>The next row of the same key, or -1.</summary>
    public int Next(int row) => _next[row];

    private static int RowOf(ulong slot) => (int)(uint)slot - 1;

    // Where a key is, or would be.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Slot(ReadOnlySpan<byte> key, ulong hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] is var taken && taken != 0 && (taken >> RowBits != hash >> RowBits || !Keys[RowOf(taken)].SequenceEqual(key)))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }
}
