namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>
/// The positions of the deleted rows of one data file: a 64-bit Roaring bitmap. Immutable; a union shares the containers it does not change.
/// </summary>
internal sealed class DeletionVector
{
    private readonly long[] _blocks;
    private readonly Container[] _containers;

    /// <summary>Takes both lists over: ascending block numbers (row position divided by 65,536) and their containers.</summary>
    internal DeletionVector(long[] blocks, Container[] containers)
    {
        _blocks = blocks;
        _containers = containers;
        foreach (Container container in containers)
        {
            Cardinality += container.Cardinality;
        }
    }

    public static DeletionVector Empty { get; } = new([], []);

    /// <summary>Number of deleted rows.</summary>
    public long Cardinality { get; }

    public bool IsEmpty => _blocks.Length == 0;

    /// <summary>The greatest deleted position, or -1.</summary>
    public long LastRow => IsEmpty ? -1 : (_blocks[^1] << 16) + _containers[^1].Last;

    /// <summary>The deleted positions, ascending.</summary>
    public IEnumerable<long> Rows
    {
        get
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                ushort[] lows = new ushort[_containers[i].Cardinality];
                _containers[i].CopyTo(lows);
                foreach (ushort low in lows)
                {
                    yield return (_blocks[i] << 16) + low;
                }
            }
        }
    }

    internal ReadOnlySpan<long> Blocks => _blocks;

    internal ReadOnlySpan<Container> Containers => _containers;

    /// <summary>A vector of the given positions, in any order; repeated ones count once.</summary>
    public static DeletionVector Of(ReadOnlySpan<long> rows)
    {
        if (rows.IsEmpty)
        {
            return Empty;
        }

        long[] sorted = rows.ToArray();
        Array.Sort(sorted);
        ArgumentOutOfRangeException.ThrowIfNegative(sorted[0], nameof(rows));
        List<long> blocks = [];
        List<Container> containers = [];
        for (int start = 0; start < sorted.Length;)
        {
            long block = sorted[start] >> 16;
            int end = start + 1;
            while (end < sorted.Length && sorted[end] >> 16 == block)
            {
                end++;
            }

            blocks.Add(block);
            containers.Add(ContainerOf(sorted.AsSpan(start, end - start)));
            start = end;
        }

        return new DeletionVector([.. blocks], [.. containers]);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{long})"/>
    public static DeletionVector Of(IEnumerable<long> rows) => Of([.. rows]);

    /// <summary>Reads the payload of a deletion vector, in the portable or the older native layout.</summary>
    /// <exception cref="CorruptTableException">It is not one.</exception>
    public static DeletionVector Parse(ReadOnlySpan<byte> payload) => DeletionVectorFormat.Read(payload);

    /// <summary>The payload in the portable layout, without length and checksum.</summary>
    public byte[] Serialize() => DeletionVectorFormat.Write(this);

    public bool Contains(long row)
    {
        int at = Array.BinarySearch(_blocks, row >> 16);
        return at >= 0 && _containers[at].Contains((ushort)row);
    }

    public DeletionVector Union(ReadOnlySpan<long> rows) => Union(Of(rows));

    public DeletionVector Union(IEnumerable<long> rows) => Union(Of(rows));

    public DeletionVector Union(DeletionVector other)
    {
        if (IsEmpty || other.IsEmpty)
        {
            return IsEmpty ? other : this;
        }

        List<long> blocks = new(_blocks.Length + other._blocks.Length);
        List<Container> containers = new(blocks.Capacity);
        int i = 0;
        int j = 0;
        while (i < _blocks.Length || j < other._blocks.Length)
        {
            bool left = j == other._blocks.Length || (i < _blocks.Length && _blocks[i] <= other._blocks[j]);
            bool right = i == _blocks.Length || (j < other._blocks.Length && other._blocks[j] <= _blocks[i]);
            blocks.Add(left ? _blocks[i] : other._blocks[j]);
            containers.Add(left && right ? Container.Union(_containers[i], other._containers[j]) : left ? _containers[i] : other._containers[j]);
            i += left ? 1 : 0;
            j += right ? 1 : 0;
        }

        return new DeletionVector([.. blocks], [.. containers]);
    }

    /// <summary>The positions that are here and not in <paramref name="other"/>.</summary>
    public DeletionVector Except(DeletionVector other)
    {
        if (IsEmpty || other.IsEmpty)
        {
            return this;
        }

        List<long> blocks = new(_blocks.Length);
        List<Container> containers = new(_blocks.Length);
        for (int i = 0; i < _blocks.Length; i++)
        {
            int at = Array.BinarySearch(other._blocks, _blocks[i]);
            Container? rest = at < 0 ? _containers[i] : Container.Except(_containers[i], other._containers[at]);
            if (rest is not null)
            {
                blocks.Add(_blocks[i]);
                containers.Add(rest);
            }
        }

        return new DeletionVector([.. blocks], [.. containers]);
    }

    /// <summary>Clears <paramref name="keep"/>[i] where row <paramref name="firstRow"/> + i is deleted; the others stay.</summary>
    public void MarkDeleted(long firstRow, Span<bool> keep)
    {
        long end = firstRow + keep.Length;
        int at = Array.BinarySearch(_blocks, firstRow >> 16);
        for (int i = at < 0 ? ~at : at; i < _blocks.Length && _blocks[i] << 16 < end; i++)
        {
            long start = _blocks[i] << 16;
            long from = Math.Max(firstRow, start);
            long to = Math.Min(end, start + Container.Span);
            _containers[i].ClearMembers((int)(from - start), keep[(int)(from - firstRow)..(int)(to - firstRow)]);
        }
    }

    private static Container ContainerOf(ReadOnlySpan<long> sorted)
    {
        ushort[] lows = new ushort[sorted.Length];
        int count = 0;
        foreach (long row in sorted)
        {
            if (count == 0 || lows[count - 1] != (ushort)row)
            {
                lows[count++] = (ushort)row;
            }
        }

        ArrayContainer array = new(count == lows.Length ? lows : lows[..count]);
        if (count <= Container.MaxArrayLength)
        {
            return array;
        }

        ulong[] words = new ulong[Container.WordCount];
        array.OrInto(words);
        return new BitmapContainer(words, count);
    }
}
