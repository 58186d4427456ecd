using Apache.Arrow;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Decoded data files, least recently used ones dropped first. A data file never changes, so an entry is never wrong; it is what lets a process read
/// back the rows it wrote a batch ago without opening a file.
/// </summary>
internal sealed class DataFileCache(long byteBudget)
{
    private const int DecodedToEncoded = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Path, string Schema), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private readonly HashSet<string> _tooLarge = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>
    /// True when a file may be read whole to be kept. Decoded it takes several times its size; one that turned out too large is not decoded for nothing
    /// again.
    /// </summary>
    public bool Admits(string path, long encodedBytes)
    {
        lock (_lock)
        {
            return encodedBytes <= byteBudget / DecodedToEncoded && !_tooLarge.Contains(path);
        }
    }

    public RecordBatch? Find(string path, string schema)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue((path, schema), out LinkedListNode<Entry>? node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Rows;
        }
    }

    /// <summary>Keeps the physical columns of a whole file.</summary>
    public void Add(string path, string schema, RecordBatch rows)
    {
        long bytes = rows.Arrays.Sum(a => Bytes(a.Data));
        lock (_lock)
        {
            if (bytes > byteBudget / 2)
            {
                _tooLarge.Add(path);
                return;
            }

            if (_entries.ContainsKey((path, schema)))
            {
                return;
            }

            _entries.Add((path, schema), _byUse.AddFirst(new Entry(path, schema, rows, bytes)));
            for (_bytes += bytes; _bytes > byteBudget; _byUse.RemoveLast())
            {
                Entry last = _byUse.Last!.Value;
                _entries.Remove((last.Path, last.Schema));
                _bytes -= last.Bytes;
            }
        }
    }

    private static long Bytes(ArrayData data) => data.Buffers.Sum(b => (long)b.Length) + (data.Children?.Sum(Bytes) ?? 0);

    private sealed record Entry(string Path, string Schema, RecordBatch Rows, long Bytes);
}
