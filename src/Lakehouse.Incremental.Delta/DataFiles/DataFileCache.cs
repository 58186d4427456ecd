using Apache.Arrow;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Decoded data files, least recently used ones dropped first. A data file never changes, so an entry is never wrong; it is what lets a process read
/// back the rows it wrote a batch ago without opening a file.
/// </summary>
internal sealed class DataFileCache(long byteBudget)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Path, string Schema), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    /// <summary>True when a file of this encoded size may be read whole to be kept: decoded it takes several times its size.</summary>
    public bool Admits(long encodedBytes) => encodedBytes <= byteBudget / 32;

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
            if (bytes > byteBudget / 4 || _entries.ContainsKey((path, schema)))
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
