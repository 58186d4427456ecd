using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Reads columns of rows that a merge looks at.</summary>
/// <param name="table">The table.</param>
/// <param name="after">The version that is merged into, with the columns it will have.</param>
/// <param name="target">The rows.</param>
/// <param name="readers">How many threads may read the columns of one file.</param>
/// <param name="onRead">Is told the columns and the number of rows of each reading; null for nobody.</param>
internal sealed class TargetReader(DeltaTable table, Snapshot after, TargetMatches target, int readers, Action<IReadOnlyList<string>, int>? onRead)
{
    /// <summary>What columns cost that are read fastest.</summary>
    public const int CheapCost = 1;

    // Below that a thread more costs more than it saves.
    private const long SplitBytes = 1 << 20;

    private const int FixedCost = 2;
    private const int OtherCost = 4;

    /// <summary>What reading a column costs beside others: whole numbers and days decode fastest, texts and nested values slowest.</summary>
    public int Cost(int column) => after.Schema.GetFieldByIndex(column).DataType switch
    {
        BooleanType or Int8Type or Int16Type or Int32Type or Int64Type or Date32Type or TimestampType => CheapCost,
        FixedWidthType => FixedCost,
        _ => OtherCost,
    };

    /// <summary>The values of rows.</summary>
    /// <param name="columns">Positions of columns, ascending.</param>
    /// <param name="rows">Rows, ascending.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async Task<TargetValues> ReadAsync(IReadOnlyList<int> columns, int[] rows, CancellationToken cancellationToken)
    {
        IArrowArray?[] values = new IArrowArray?[after.Schema.FieldsList.Count];
        int[]? places = rows.Length == target.Count ? null : Places(rows);
        if (columns.Count == 0)
        {
            return new TargetValues(values, places);
        }

        onRead?.Invoke([.. columns.Select(column => after.Schema.GetFieldByIndex(column).Name)], rows.Length);
        int[][] parts = Split(columns);
        RecordBatch[] read = parts.Length == 1
            ? [await ReadPartAsync(parts[0], rows, cancellationToken).ConfigureAwait(false)]
            : await Task.WhenAll(parts.Select(part => Task.Run(() => ReadPartAsync(part, rows, cancellationToken), cancellationToken))).ConfigureAwait(false);
        for (int part = 0; part < parts.Length; part++)
        {
            for (int i = 0; i < parts[part].Length; i++)
            {
                values[parts[part][i]] = read[part].Column(i);
            }
        }

        return new TargetValues(values, places);
    }

    private int[] Places(int[] rows)
    {
        int[] places = new int[target.Count];
        System.Array.Fill(places, -1);
        for (int i = 0; i < rows.Length; i++)
        {
            places[rows[i]] = i;
        }

        return places;
    }

    // Each thread gets about as much to decode; the order of the columns decides, and nothing else.
    private int[][] Split(IReadOnlyList<int> columns)
    {
        int count = target.Files.Sum(static file => file.Size) < SplitBytes ? 1 : Math.Min(readers, columns.Count);
        List<int>[] parts = [.. Enumerable.Range(0, count).Select(static _ => new List<int>())];
        foreach (int column in columns.OrderByDescending(Cost))
        {
            parts.MinBy(part => part.Sum(Cost))!.Add(column);
        }

        return [.. parts.Select(static part => part.Order().ToArray())];
    }

    private async Task<RecordBatch> ReadPartAsync(int[] columns, int[] rows, CancellationToken cancellationToken)
    {
        Schema schema = new([.. columns.Select(after.Schema.GetFieldByIndex)], null);
        List<RecordBatch> parts = [];
        foreach ((Delta.Actions.AddFile file, int first, int count) in target.ByFile(rows))
        {
            int[] positions = new int[count];
            for (int i = 0; i < count; i++)
            {
                positions[i] = target.Positions[rows[first + i]];
            }

            parts.Add(await table.Reader.ReadRowsAsync(after, file, schema, positions, cancellationToken).ConfigureAwait(false));
        }

        return parts.Count == 1 ? parts[0] : ConcatKernel.Concat(schema, parts);
    }
}
