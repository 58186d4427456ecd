using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Index;

/// <summary>
/// Key → physical rows of one table, in memory, so that a batch finds the rows it replaces without a scan. It follows the table by its set of files:
/// only files it has not seen are read, and of those only the key columns. A row counts only while its file is in the snapshot and its deletion vector
/// does not hold it, so an entry that is out of date is never a wrong answer.
/// </summary>
internal sealed class KeyIndex
{
    private readonly IReadOnlyList<string> _keys;
    private readonly string? _start;
    private readonly Dictionary<string, int> _fileByPath = new(StringComparer.Ordinal);
    private readonly List<IndexedFile> _files = [];
    private Entry[] _entries = new Entry[1024];
    private int[] _buckets = new int[2048];
    private int _count;
    private int _dead;

    /// <param name="keys">Key columns of the table.</param>
    /// <param name="start">The column of the interval start, for history tables.</param>
    public KeyIndex(IReadOnlyList<string> keys, string? start)
    {
        _keys = keys;
        _start = start;
    }

    public IndexedFile File(int file) => _files[file];

    /// <summary>The live rows of a key, in no particular order, appended to <paramref name="rows"/>.</summary>
    public void Find(UInt128 key, List<RowLocation> rows)
    {
        for (int entry = _buckets[Bucket(key)] - 1; entry >= 0; entry = _entries[entry].Next)
        {
            ref Entry candidate = ref _entries[entry];
            if (candidate.Key == key && _files[candidate.File] is { IsLive: true } file && !file.Deleted.Contains(candidate.Row))
            {
                rows.Add(new RowLocation(candidate.File, candidate.Row));
            }
        }
    }

    /// <summary>The encoded interval start of a row.</summary>
    public ReadOnlySpan<byte> Start(RowLocation row) => _files[row.File].Starts![row.Row];

    /// <summary>Brings the index to a snapshot: reads the keys of files it does not know, forgets those that are gone.</summary>
    public async Task SyncAsync(DeltaTable table, Snapshot snapshot, CancellationToken cancellationToken)
    {
        HashSet<int> seen = [];
        foreach (AddFile add in snapshot.Files)
        {
            if (_fileByPath.TryGetValue(add.Path, out int known) && _files[known].IsLive)
            {
                IndexedFile file = _files[known];
                if (!string.Equals(file.Add.DeletionVector?.UniqueId, add.DeletionVector?.UniqueId, StringComparison.Ordinal))
                {
                    file.Deleted = await table.DeletionVectors.LoadAsync(add.DeletionVector, cancellationToken).ConfigureAwait(false);
                }

                file.Add = add;
                seen.Add(known);
            }
            else
            {
                seen.Add(await AddAsync(table, snapshot, add, cancellationToken).ConfigureAwait(false));
            }
        }

        for (int i = 0; i < _files.Count; i++)
        {
            if (_files[i].IsLive && !seen.Contains(i))
            {
                _files[i].IsLive = false;
                _files[i].Starts = null;
                _dead += _files[i].Rows;
                _fileByPath.Remove(_files[i].Add.Path);
            }
        }

        if (_dead > 4096 && _dead > _count / 2)
        {
            Purge();
        }
    }

    private async Task<int> AddAsync(DeltaTable table, Snapshot snapshot, AddFile add, CancellationToken cancellationToken)
    {
        List<Field> fields = [.. _keys.Select(k => snapshot.Schema.GetFieldByName(k))];
        if (_start is not null)
        {
            fields.Add(snapshot.Schema.GetFieldByName(_start));
        }

        Schema columns = new(fields, null);
        int[] keyPositions = [.. Enumerable.Range(0, _keys.Count)];
        RowEncoder keyEncoder = new([.. _keys.Select(k => snapshot.Schema.GetFieldByName(k).DataType)]);
        List<(long FirstRow, UInt128[] Hashes)> hashes = [];
        List<RecordBatch> starts = [];
        await foreach (FileBatch part in table.Reader.ReadAsync(snapshot, add, columns, cancellationToken).ConfigureAwait(false))
        {
            hashes.Add((part.FirstRow, KeyHash.Of(keyEncoder.Encode(part.Batch, keyPositions))));
            if (_start is not null)
            {
                starts.Add(part.Batch);
            }
        }

        DeletionVector deleted = await table.DeletionVectors.LoadAsync(add.DeletionVector, cancellationToken).ConfigureAwait(false);
        EncodedRows? encodedStarts = _start is null ? null : SequenceEncoding.Encode(ConcatKernel.Concat(columns, starts), _start);

        // Nothing was entered before all of the file is read: a failure leaves the index as it was.
        int id = _files.Count;
        foreach ((long firstRow, UInt128[] keys) in hashes)
        {
            for (int row = 0; row < keys.Length; row++)
            {
                Insert(keys[row], id, checked((int)firstRow) + row);
            }
        }

        _files.Add(new IndexedFile(add, deleted, encodedStarts) { Rows = hashes.Sum(h => h.Hashes.Length) });
        _fileByPath[add.Path] = id;
        return id;
    }

    private void Insert(UInt128 key, int file, int row)
    {
        if (_count == _entries.Length)
        {
            System.Array.Resize(ref _entries, _entries.Length * 2);
            Rehash(_entries.Length * 2);
        }

        ref int bucket = ref _buckets[Bucket(key)];
        _entries[_count] = new Entry(key, file, row, bucket - 1);
        bucket = ++_count;
    }

    private int Bucket(UInt128 key) => (int)((ulong)key & (ulong)(_buckets.Length - 1));

    private void Rehash(int buckets)
    {
        _buckets = new int[buckets];
        for (int i = 0; i < _count; i++)
        {
            ref int bucket = ref _buckets[Bucket(_entries[i].Key)];
            _entries[i].Next = bucket - 1;
            bucket = i + 1;
        }
    }

    /// <summary>Drops the entries of files that have left, and their numbers.</summary>
    private void Purge()
    {
        int[] renumbered = new int[_files.Count];
        List<IndexedFile> live = [];
        for (int i = 0; i < _files.Count; i++)
        {
            renumbered[i] = _files[i].IsLive ? live.Count : -1;
            if (_files[i].IsLive)
            {
                _fileByPath[_files[i].Add.Path] = live.Count;
                live.Add(_files[i]);
            }
        }

        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (renumbered[_entries[i].File] is int file and >= 0)
            {
                _entries[kept++] = _entries[i] with { File = file };
            }
        }

        _files.Clear();
        _files.AddRange(live);
        _count = kept;
        _dead = 0;
        Rehash(_buckets.Length);
    }

    private record struct Entry(UInt128 Key, int File, int Row, int Next);
}
