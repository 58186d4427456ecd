using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>The rows of the table that a batch may replace, read whole but for those of which the clock says enough.</summary>
internal sealed class ExistingRows
{
    private readonly RowLocation[] _locations;

    private ExistingRows(RowLocation[] locations, RecordBatch rows, EncodedRows? clocks)
    {
        _locations = locations;
        Rows = rows;
        Clocks = clocks;
    }

    /// <summary>In the table's schema; a row that was not read has its key and else nulls.</summary>
    public RecordBatch Rows { get; }

    /// <summary>Where the rows stand in the order of their keys; null when all of them were read, and tell it.</summary>
    public EncodedRows? Clocks { get; }

    public RowLocation Location(int row) => _locations[row];

    /// <summary>Where in <see cref="Rows"/> the row of a location stands.</summary>
    public int IndexOf(RowLocation location) => System.Array.BinarySearch(_locations, location);

    /// <summary>Reads all of the given rows.</summary>
    public static async Task<ExistingRows> ReadAsync(
        DeltaTable table, Snapshot snapshot, KeyIndex index, IEnumerable<RowLocation> wanted, CancellationToken cancellationToken)
    {
        RowLocation[] locations = [.. wanted];
        System.Array.Sort(locations);
        return new ExistingRows(locations, await RowsAsync(table, snapshot, index, locations, cancellationToken).ConfigureAwait(false), null);
    }

    /// <param name="target">The table.</param>
    /// <param name="wanted">Where the rows lie.</param>
    /// <param name="unread">Those that need not be read, with a row of the batch that has their key.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static async Task<ExistingRows> ReadAsync(
        MergeTarget target, IEnumerable<RowLocation> wanted, Dictionary<RowLocation, int> unread, ChangeBatch batch, CancellationToken cancellationToken)
    {
        if (unread.Count == 0)
        {
            return await ReadAsync(target.Table, target.Snapshot, target.Index, wanted, cancellationToken).ConfigureAwait(false);
        }

        RowLocation[] locations = [.. wanted];
        System.Array.Sort(locations);
        RecordBatch read = await RowsAsync(
            target.Table, target.Snapshot, target.Index, [.. locations.Where(l => !unread.ContainsKey(l))], cancellationToken).ConfigureAwait(false);

        int next = 0;
        RowRef[] rows = [.. locations.Select(l => unread.TryGetValue(l, out int ofKey) ? new RowRef(1, ofKey) : new RowRef(0, next++))];
        RecordBatch all = InterleaveKernel.Interleave(read.Schema, [read, KeysOf(target, batch, read.Schema)], rows);
        return new ExistingRows(locations, all, UnreadRows.Clocks(target.Index, locations));
    }

    private static async Task<RecordBatch> RowsAsync(
        DeltaTable table, Snapshot snapshot, KeyIndex index, RowLocation[] locations, CancellationToken cancellationToken)
    {
        IGrouping<int, RowLocation>[] files = [.. locations.GroupBy(static l => l.File)];
        RecordBatch[] parts = new RecordBatch[files.Length];
        ParallelOptions options = new() { MaxDegreeOfParallelism = table.Options.MaxDegreeOfParallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, files.Length, options, async (i, token) =>
        {
            int[] rows = [.. files[i].Select(static l => l.Row)];
            parts[i] = await table.Reader.ReadRowsAsync(snapshot, index.File(files[i].Key).Add, snapshot.Schema, rows, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return ConcatKernel.Concat(snapshot.Schema, parts);
    }

    private static RecordBatch KeysOf(MergeTarget target, ChangeBatch batch, Schema schema)
    {
        HashSet<string> keys = new(target.Flow.Keys, StringComparer.Ordinal);
        return new RecordBatch(schema, schema.FieldsList.Select(f => keys.Contains(f.Name)
            ? batch.Rows.Column(batch.Rows.Schema.PositionOf(f.Name))
            : NullArrays.Create(f.DataType, batch.Count)), batch.Count);
    }
}
