using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Merging;

/// <summary>The rows of the table that a batch may replace, read whole.</summary>
internal sealed class ExistingRows
{
    private readonly RowLocation[] _locations;

    private ExistingRows(RowLocation[] locations, RecordBatch rows)
    {
        _locations = locations;
        Rows = rows;
    }

    /// <summary>In the table's schema.</summary>
    public RecordBatch Rows { get; }

    public RowLocation Location(int row) => _locations[row];

    /// <summary>Where in <see cref="Rows"/> the row of a location stands.</summary>
    public int IndexOf(RowLocation location) => System.Array.BinarySearch(_locations, location);

    public static async Task<ExistingRows> ReadAsync(
        DeltaTable table, Snapshot snapshot, KeyIndex index, List<RowLocation> wanted, CancellationToken cancellationToken)
    {
        RowLocation[] locations = [.. wanted];
        System.Array.Sort(locations);
        List<RecordBatch> parts = [];
        for (int start = 0; start < locations.Length;)
        {
            int end = start;
            int file = locations[start].File;
            while (end < locations.Length && locations[end].File == file)
            {
                end++;
            }

            int[] rows = [.. locations[start..end].Select(l => l.Row)];
            parts.Add(await table.Reader.ReadRowsAsync(snapshot, index.File(file).Add, snapshot.Schema, rows, cancellationToken).ConfigureAwait(false));
            start = end;
        }

        return new ExistingRows(locations, ConcatKernel.Concat(snapshot.Schema, parts));
    }
}
