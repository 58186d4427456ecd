using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Maps as lists of their entries, sorted by the entries' bytes, which begin with the key: the order of a map's entries carries no meaning. The
/// memory to sort in is kept from row to row.
/// </summary>
internal sealed class MapCellWriter : ListCellWriter
{
    private readonly Comparison<(int Start, int Length)> _byBytes;
    private (int Start, int Length)[] _entries = [];
    private byte[] _copy = [];

    public MapCellWriter(ArrayData data, CellWriter entries)
        : base(data, entries)
    {
        // The length in front of an entry does not count: the order is that of the keys.
        _byBytes = (a, b) => Entry(a).SequenceCompareTo(Entry(b));
    }

    protected override int WriteElements(int start, int end, Span<byte> target)
    {
        int count = end - start;
        if (_entries.Length < count)
        {
            _entries = new (int, int)[Math.Max(count, 2 * _entries.Length)];
        }

        int written = 0;
        for (int i = 0; i < count; i++)
        {
            int size = WriteElement(start + i, target[written..]);
            _entries[i] = (written, size);
            written += size;
        }

        if (count > 1)
        {
            Sort(count, target[..written]);
        }

        return written;
    }

    private void Sort(int count, Span<byte> written)
    {
        if (_copy.Length < written.Length)
        {
            _copy = new byte[Math.Max(written.Length, 2 * _copy.Length)];
        }

        written.CopyTo(_copy);
        _entries.AsSpan(0, count).Sort(_byBytes);
        int position = 0;
        foreach ((int start, int length) in _entries.AsSpan(0, count))
        {
            _copy.AsSpan(start, length).CopyTo(written[position..]);
            position += length;
        }
    }

    private ReadOnlySpan<byte> Entry((int Start, int Length) entry) => _copy.AsSpan(entry.Start, entry.Length)[sizeof(int)..];
}
