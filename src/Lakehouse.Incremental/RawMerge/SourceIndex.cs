using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The source rows by their key; rows of one key in ascending order.</summary>
internal sealed class SourceIndex
{
    private readonly Dictionary<byte[], int> _first = new(ByteComparer.Instance);
    private readonly int[] _next;

    public SourceIndex(KeyRows keys)
    {
        Keys = keys;
        _next = new int[keys.Count];
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> first = _first.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int row = keys.Count - 1; row >= 0; row--)
        {
            _next[row] = -1;
            if (keys.CanMatch(row))
            {
                _next[row] = first.TryGetValue(keys[row], out int later) ? later : -1;
                first[keys[row]] = row;
            }
        }
    }

    public KeyRows Keys { get; }

    /// <summary>False when no row can match anything.</summary>
    public bool HasKeys => _first.Count > 0;

    /// <summary>The first row of each row's key among rows of the target; -1 where there is none.</summary>
    public int[] Find(KeyRows target)
    {
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> first = _first.GetAlternateLookup<ReadOnlySpan<byte>>();
        int[] found = new int[target.Count];
        for (int row = 0; row < found.Length; row++)
        {
            found[row] = target.CanMatch(row) && first.TryGetValue(target[row], out int source) ? source : -1;
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
}
