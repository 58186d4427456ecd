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
    private readonly ClockColumns _clock;
    private readonly Dictionary<string, int> _fileByPath = new(StringComparer.Ordinal);
    private readonly List<IndexedFile> _files = [];
    private Entry[] _entries = new Entry[1024];
    private int[] _buckets = new int[2048];
    private int _count;
    private int _dead;

    /// <param name="keys">Key columns of the table.</param>
    /// <param name="clock">The columns that say where a row stands in the order of its key.</param>
    public KeyIndex(IReadOnlyList<string> keys, ClockColumns clock)
    {
        _keys = keys;
        _clock = clock;
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

    /// <summary>The encoded clock of a row.</summary>
    public ReadOnlySpan<byte> Clock(RowLocation row) => _files[row.File].Clocks![row.Row];

    /// <summary>Brings the index to a snapshot: reads the keys of files it does not know, forgets those that are gone.</summary>
    public async Task SyncAsync(DeltaTable table, Snapshot snapshot, CancellationToken cancellationToken)
    {
        HashSet<int> seen = [];
        List<AddFile> unknown = [];
        foreach (AddFile add in snapshot.Files)
        {
            if (!_fileByPath.TryGetValue(add.Path, out int known) || !_files[known].IsLive)
            {
                unknown.Add(add);
                continue;
            }

            IndexedFile file = _files[known];
            if (!string.Equals(file.Add.DeletionVector?.UniqueId, add.DeletionVector?.UniqueId, StringComparison.Ordinal))
            {
                file.Deleted = await table.DeletionVectors.LoadAsync(add.DeletionVector, cancellationToken).ConfigureAwait(false);
            }

            file.Add = add;
            seen.Add(known);
        }

        // As many at a time as are read at once: more would only wait in memory.
        int degree = table.Options.MaxDegreeOfParallelism;
        foreach (AddFile[] wave in unknown.Chunk(degree))
        {
            FileKeys[] read = new FileKeys[wave.Length];
            ParallelOptions options = new() { MaxDegreeOfParallelism = degree, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, wave.Length, options, async (i, token) =>
                read[i] = await FileKeys.ReadAsync(table, snapshot, wave[i], _keys, _clock, token).ConfigureAwait(false)).ConfigureAwait(false);
            foreach (FileKeys file in read)
            {
                seen.Add(Enter(file));
            }
        }

        for (int i = 0; i < _files.Count; i++)
        {
            if (_files[i].IsLive && !seen.Contains(i))
            {
                _files[i].IsLive = false;
                _files[i].Clocks = null;
                _dead += _files[i].Rows;
                _fileByPath.Remove(_files[i].Add.Path);
            }
        }

        if (_dead > 4096 && _dead > _count / 2)
        {
            Purge();
        }
    }

    private int Enter(FileKeys read)
    {
        int id = _files.Count;
        int rows = read.Parts.Sum(static part => part.Hashes.Length);
        EnsureCapacity(_count + rows);
        foreach ((long firstRow, UInt128[] keys) in read.Parts)
        {
            for (int row = 0; row < keys.Length; row++)
            {
                Insert(keys[row], id, checked((int)firstRow) + row);
            }
        }

        _files.Add(new IndexedFile(read.File, read.Deleted, read.Clocks) { Rows = rows });
        _fileByPath[read.File.Path] = id;
        return id;
    }

    private void EnsureCapacity(int count)
    {
        if (count > _entries.Length)
        {
            System.Array.Resize(ref _entries, Math.Max(count, _entries.Length + (_entries.Length / 2)));
            int buckets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_entries.Length);
            if (buckets > _buckets.Length)
            {
                Rehash(buckets);
            }
        }
    }

    private void Insert(UInt128 key, int file, int row)
    {
        ref int bucket = ref _buckets[Bucket(key)];
        _entries[_count] = new Entry(key, file, row, bucket - 1);
        bucket = ++_count;
    }

    // Short keys are no hashes: their bits are mixed here.
    private int Bucket(UInt128 key)
    {
        ulong mixed = (ulong)key ^ ((ulong)(key >> 64) * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93;
        return (int)((mixed ^ (mixed >> 32)) & (ulong)(_buckets.Length - 1));
    }

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
