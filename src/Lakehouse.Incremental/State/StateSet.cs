using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.State;

/// <summary>
/// The records of a set in memory, looked up by group. What is seen changes only by <see cref="SyncAsync"/> and <see cref="Apply"/>: a change that
/// was prepared but not committed is not seen. Not safe for concurrent use; row references hold until the next of these two calls.
/// </summary>
internal sealed class StateSet
{
    private const int MinDeadToConsolidate = 4096;

    private readonly Dictionary<byte[], List<StateRecord>> _groups = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], List<StateRecord>>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<RecordBatch> _batches = [];
    private long _rowsHeld;

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
    /// <returns>This set, or a new one when all files had to be loaded.</returns>
    /// <exception cref="CorruptTableException">A file is missing or damaged; the set is as it was.</exception>
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
    /// <param name="storage">The table's storage.</param>
    /// <param name="ids">Names the file.</param>
    /// <param name="upserts">Records that enter or replace, in the set's schema.</param>
    /// <param name="removals">Keys of records that leave (the key columns, or more); null for none. A key that also enters, stays.</param>
    /// <param name="cancellationToken">Cancels reading and writing.</param>
    public async Task<StateChange> PrepareAsync(
        ITableStorage storage, IdSource ids, RecordBatch upserts, RecordBatch? removals, CancellationToken cancellationToken)
    {
        RecordBatch removed = removals ?? ConcatKernel.Concat(Definition.KeySchema, []);
        IReadOnlyList<StateFile> files = upserts.Length + removed.Length == 0
            ? Files
            : await StateFiles.WriteAsync(storage, ids, Definition, Files, upserts, removed, cancellationToken).ConfigureAwait(false);
        return new StateChange(files, upserts, removed);
    }

    /// <summary>Makes a committed change visible.</summary>
    public StateSet Apply(StateChange change)
    {
        Ingest(change.Upserts, change.Removals);
        Files = change.Files;
        return this;
    }

    private void Ingest(RecordBatch upserts, RecordBatch removals)
    {
        EncodedRows removedKeys = EncodeKeys(Definition, removals, Definition.KeyColumns);
        EncodedRows removedGroups = GroupsOf(removals, removedKeys);
        for (int row = 0; row < removals.Length; row++)
        {
            Remove(removedGroups[row], removedKeys[row]);
        }

        if (upserts.Length > 0)
        {
            EncodedRows keys = EncodeKeys(Definition, upserts, Definition.KeyColumns);
            EncodedRows groups = GroupsOf(upserts, keys);
            for (int row = 0; row < upserts.Length; row++)
            {
                Put(groups[row], new StateRecord(keys.Memory(row), new RowRef(_batches.Count, row)));
            }

            _batches.Add(upserts);
            _rowsHeld += upserts.Length;
        }

        Consolidate();
    }

    private EncodedRows GroupsOf(RecordBatch rows, EncodedRows keys) =>
        Definition.GroupColumns == Definition.KeyColumns ? keys : EncodeKeys(Definition, rows, Definition.GroupColumns);

    private void Put(ReadOnlySpan<byte> group, StateRecord record)
    {
        if (!_lookup.TryGetValue(group, out List<StateRecord>? records))
        {
            _groups.Add(group.ToArray(), records = new List<StateRecord>(1));
        }

        int position = Position(records, record.Key.Span);
        if (position >= 0)
        {
            records[position] = record;
        }
        else
        {
            records.Insert(~position, record);
            Count++;
        }
    }

    private void Remove(ReadOnlySpan<byte> group, ReadOnlySpan<byte> key)
    {
        if (!_lookup.TryGetValue(group, out List<StateRecord>? records))
        {
            return;
        }

        int position = Position(records, key);
        if (position >= 0)
        {
            records.RemoveAt(position);
            Count--;
        }

        if (records.Count == 0)
        {
            _lookup.Remove(group);
        }
    }

    /// <summary>Where a key stands, or the complement of where it belongs.</summary>
    private static int Position(List<StateRecord> records, ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = records.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = records[middle].Key.Span.SequenceCompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        return ~low;
    }

    /// <summary>Keeps the batches few and memory in proportion to the live records; a record is moved O(log n) times.</summary>
    private void Consolidate()
    {
        long dead = _rowsHeld - Count;
        int first = dead > MinDeadToConsolidate && dead > Count ? 0 : StateTiers.FirstToMerge([.. _batches.Select(b => (long)b.Length)]);
        if (first < _batches.Count)
        {
            Merge(first);
        }
    }

    /// <summary>Puts the live rows of the batches from one on into a single batch.</summary>
    private void Merge(int first)
    {
        RecordBatch all = ConcatKernel.Concat(Definition.Schema, _batches[first..]);
        EncodedRows keys = EncodeKeys(Definition, all, Definition.KeyColumns);
        EncodedRows groups = GroupsOf(all, keys);
        List<int> live = [];
        int row = 0;
        for (int batch = first; batch < _batches.Count; batch++)
        {
            for (int inBatch = 0; inBatch < _batches[batch].Length; inBatch++, row++)
            {
                if (_lookup.TryGetValue(groups[row], out List<StateRecord>? records)
                    && Position(records, keys[row]) is int position and >= 0
                    && records[position].Row == new RowRef(batch, inBatch))
                {
                    records[position] = new StateRecord(keys.Memory(row), new RowRef(first, live.Count));
                    live.Add(row);
                }
            }
        }

        _rowsHeld -= all.Length - live.Count;
        _batches.RemoveRange(first, _batches.Count - first);
        if (live.Count > 0)
        {
            _batches.Add(TakeKernel.Take(all, [.. live]));
        }
    }
}
