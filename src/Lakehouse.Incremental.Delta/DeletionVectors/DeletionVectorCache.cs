namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>The vectors used last, by their unique id; they never change under one id. Safe for concurrent use.</summary>
internal sealed class DeletionVectorCache(long byteBudget)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    public bool TryGet(string id, out DeletionVector vector)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out LinkedListNode<Entry>? node))
            {
                vector = DeletionVector.Empty;
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            vector = node.Value.Vector;
            return true;
        }
    }

    public void Add(string id, DeletionVector vector, int bytes)
    {
        lock (_gate)
        {
            if (bytes > byteBudget || _byId.ContainsKey(id))
            {
                return;
            }

            _byId.Add(id, _byUse.AddFirst(new Entry(id, vector, bytes)));
            _bytes += bytes;
            while (_bytes > byteBudget && _byUse.Last is { } oldest)
            {
                _byUse.RemoveLast();
                _byId.Remove(oldest.Value.Id);
                _bytes -= oldest.Value.Bytes;
            }
        }
    }

    private sealed record Entry(string Id, DeletionVector Vector, int Bytes);
}
