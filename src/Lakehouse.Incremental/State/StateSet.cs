using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.State;

/// <summary>
/// The records of a set in memory, looked up by group. What is seen changes only by <see cref="SyncAsync"/> and <see cref="Apply"/>: a change that was
/// prepared but not committed is not seen. Not safe for concurrent use.
/// </summary>
internal sealed class StateSet
{
    private const int MaxBatches = 256;

    private readonly Dictionary<byte[], List<StateRecord>> _groups = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], List<StateRecord>>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<RecordBatch> _batches = [];

    private StateSet(StateSetDefinition definition)
    {
        Definition = definition;
        _lookup = _groups.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public StateSetDefinition Definition { get; }

    public IReadOnlyList<StateFile> Files { get; private set; } = [];

    /// <summary>What <see cref="StateRecord.Row"/> refers to.</summary>
    public IReadOnlyList<RecordBatch> Batches => _batches;

    public long Count { get; private set; }

    public IEnumerable<StateRecord> All => _groups.Values.SelectMany(g => g);

    public static StateSet Empty(StateSetDefinition definition) => new(definition);

    public static EncodedRows EncodeKeys(StateSetDefinition definition, RecordBatch rows, int columns) =>
        new RowEncoder([.. definition.Schema.FieldsList.Take(columns).Select(f => f.DataType)]).Encode(rows, [.. Enumerable.Range(0, columns)]);

    /// <summary>The records of a group in the order of their keys.</summary>
    public IReadOnlyList<StateRecord> Find(ReadOnlySpan<byte> group) => _lookup.TryGetValue(group, out List<StateRecord>? records) ? records : [];

    /// <summary>Brings the set to a list of files: loads those that are new, or all of them when the list is no continuation.</summary>
    public async Task<StateSet> SyncAsync(ITableStorage storage, IReadOnlyList<StateFile> files, CancellationToken cancellationToken)
    {
        bool continues = files.Count >= Files.Count && Files.SequenceEqual(files.Take(Files.Count));
        StateSet set = continues ? this : Empty(Definition);
        List<(RecordBatch Upserts, RecordBatch Removals)> loaded = [];
        foreach (StateFile file in files.Skip(set.Files.Count))
        {
            loaded.Add(await StateFiles.LoadAsync(storage, Definition, file, cancellationToken).ConfigureAwait(false));
        }

        foreach ((RecordBatch upserts, RecordBatch removals) in loaded)
        {
            set.Ingest(upserts, removals);
        }

        set.Files = files;
        return set;
    }

    /// <summary>Writes a change. It is current when the commit that names its files stands; then <see cref="Apply"/> must be called.</summary>
    public async Task<StateChange> PrepareAsync(
        ITableStorage storage, IdSource ids, RecordBatch upserts, RecordBatch removals, CancellationToken cancellationToken)
    {
        IReadOnlyList<StateFile> files = await StateFiles.WriteAsync(storage, ids, Definition, Files, upserts, removals, cancellationToken).ConfigureAwait(false);
        return new StateChange(files, upserts, removals);
    }

    public StateSet Apply(StateChange change)
    {
        Ingest(change.Upserts, change.Removals);
        Files = change.Files;
        return this;
    }

    private void Ingest(RecordBatch upserts, RecordBatch removals)
    {
        EncodedRows removedKeys = EncodeKeys(Definition, removals, Definition.KeyColumns);
        EncodedRows removedGroups = EncodeKeys(Definition, removals, Definition.GroupColumns);
        for (int row = 0; row < removals.Length; row++)
        {
            Remove(removedGroups[row], removedKeys[row]);
        }

        if (upserts.Length == 0)
        {
            return;
        }

        EncodedRows keys = EncodeKeys(Definition, upserts, Definition.KeyColumns);
        EncodedRows groups = EncodeKeys(Definition, upserts, Definition.GroupColumns);
        for (int row = 0; row < upserts.Length; row++)
        {
            Put(groups[row], new StateRecord(keys.Memory(row), new RowRef(_batches.Count, row)));
        }

        _batches.Add(upserts);
        if (_batches.Count > MaxBatches)
        {
            Consolidate();
        }
    }

    private void Put(ReadOnlySpan<byte> group, StateRecord record)
    {
        if (!_lookup.TryGetValue(group, out List<StateRecord>? records))
        {
            _groups.Add(group.ToArray(), records = []);
        }

        int position = Position(records, record.Key.Span, out bool found);
        if (found)
        {
            records[position] = record;
        }
        else
        {
            records.Insert(position, record);
            Count++;
        }
    }

    private void Remove(ReadOnlySpan<byte> group, ReadOnlySpan<byte> key)
    {
        if (!_lookup.TryGetValue(group, out List<StateRecord>? records))
        {
            return;
        }

        int position = Position(records, key, out bool found);
        if (found)
        {
            records.RemoveAt(position);
            Count--;
        }

        if (records.Count == 0)
        {
            _lookup.Remove(group);
        }
    }

    private static int Position(List<StateRecord> records, ReadOnlySpan<byte> key, out bool found)
    {
        int low = 0;
        int high = records.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = records[middle].Key.Span.SequenceCompareTo(key);
            if (order == 0)
            {
                found = true;
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        found = false;
        return low;
    }

    /// <summary>Puts the live records into one batch, so that what was overtaken does not stay in memory.</summary>
    private void Consolidate()
    {
        RowRef[] rows = [.. All.Select(r => r.Row)];
        RecordBatch whole = InterleaveKernel.Interleave(Definition.Schema, _batches, rows);
        int next = 0;
        foreach (List<StateRecord> records in _groups.Values)
        {
            for (int i = 0; i < records.Count; i++)
            {
                records[i] = new StateRecord(records[i].Key.ToArray(), new RowRef(0, next++));
            }
        }

        _batches.Clear();
        _batches.Add(whole);
    }
}
