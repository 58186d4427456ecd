using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.State;

/// <summary>The files of a set: immutable runs, newer ones win. Nothing is deleted here: an older version of the table may name a file.</summary>
internal static class StateFiles
{
    private const string Removed = "__removed";

    /// <summary>Writes a change as a new run, merged with older ones when it is due, and returns the runs that are to be current.</summary>
    public static async Task<IReadOnlyList<StateFile>> WriteAsync(
        ITableStorage storage,
        IdSource ids,
        StateSetDefinition definition,
        IReadOnlyList<StateFile> current,
        RecordBatch upserts,
        RecordBatch removals,
        CancellationToken cancellationToken)
    {
        // Within one change a record that enters stands after the removals, so it wins.
        List<RecordBatch> content = [Mark(definition, removals, isRemoved: true), Mark(definition, upserts, isRemoved: false)];
        int kept = Math.Min(StateTiers.FirstToMerge([.. current.Select(f => f.Rows), upserts.Length + removals.Length]), current.Count);
        if (kept < current.Count)
        {
            for (int i = current.Count - 1; i >= kept; i--)
            {
                content.Insert(0, await ReadAsync(storage, definition, current[i], cancellationToken).ConfigureAwait(false));
            }

            content = [Latest(definition, content, dropRemovals: kept == 0)];
        }

        string path = $"{FlowState.Directory}/{definition.Name}-{ids.NewId()}.parquet";
        WrittenParquet written = await ParquetFiles
            .WriteAsync(storage, path, FileSchema(definition), content, cancellationToken).ConfigureAwait(false);
        return [.. current.Take(kept), new StateFile(path, written.Rows)];
    }

    /// <summary>The records of a run: entering ones and removals apart.</summary>
    /// <exception cref="CorruptTableException">The file is missing or damaged.</exception>
    public static async Task<(RecordBatch Upserts, RecordBatch Removals)> LoadAsync(
        ITableStorage storage, StateSetDefinition definition, StateFile file, CancellationToken cancellationToken)
    {
        RecordBatch rows = await ReadAsync(storage, definition, file, cancellationToken).ConfigureAwait(false);
        bool[] removed = RemovedMarks(rows);
        RecordBatch records = new(definition.Schema, rows.Arrays.Take(definition.Schema.FieldsList.Count), rows.Length);
        RecordBatch keys = new(definition.KeySchema, rows.Arrays.Take(definition.KeyColumns), rows.Length);
        return (FilterKernel.Filter(records, [.. removed.Select(r => !r)]), FilterKernel.Filter(keys, removed));
    }

    private static async Task<RecordBatch> ReadAsync(
        ITableStorage storage, StateSetDefinition definition, StateFile file, CancellationToken cancellationToken)
    {
        RecordBatch rows;
        try
        {
            rows = await ParquetFiles.ReadAllAsync(storage, file.Path, FileSchema(definition), cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException missing)
        {
            throw Corrupt("is missing", missing);
        }

        return rows.Length == file.Rows
            ? rows
            : throw Corrupt(string.Create(CultureInfo.InvariantCulture, $"holds {rows.Length} records instead of {file.Rows}"), null);

        CorruptTableException Corrupt(string what, Exception? inner) => new(
            ErrorCodes.CorruptFile, $"The state file '{file.Path}' of '{storage.Name}' {what}. The Reconciler can rebuild the state.", inner)
        {
            Table = storage.Name,
        };
    }

    /// <summary>The last state of each record.</summary>
    private static RecordBatch Latest(StateSetDefinition definition, List<RecordBatch> oldestFirst, bool dropRemovals)
    {
        RecordBatch all = ConcatKernel.Concat(FileSchema(definition), oldestFirst);
        EncodedRows keys = StateSet.EncodeKeys(definition, all, definition.KeyColumns);
        Dictionary<byte[], int> last = new(all.Length, ByteComparer.Instance);
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> lookup = last.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int row = 0; row < all.Length; row++)
        {
            lookup[keys[row]] = row;
        }

        bool[] removed = RemovedMarks(all);
        int[] rows = [.. last.Values.Where(row => !dropRemovals || !removed[row]).Order()];
        return TakeKernel.Take(all, rows);
    }

    private static RecordBatch Mark(StateSetDefinition definition, RecordBatch rows, bool isRemoved)
    {
        int given = isRemoved ? definition.KeyColumns : definition.Schema.FieldsList.Count;
        IEnumerable<IArrowArray> missing = definition.Schema.FieldsList.Skip(given).Select(f => NullArrays.Create(f.DataType, rows.Length));
        IArrowArray marks = ConstantArray.Create(BooleanType.Default, isRemoved, rows.Length);
        return new RecordBatch(FileSchema(definition), [.. rows.Arrays.Take(given), .. missing, marks], rows.Length);
    }

    private static bool[] RemovedMarks(RecordBatch rows)
    {
        ArrayData marks = rows.Column(rows.ColumnCount - 1).Data;
        ReadOnlySpan<byte> bits = marks.Buffers[1].Span;
        bool[] removed = new bool[rows.Length];
        for (int row = 0; row < removed.Length; row++)
        {
            removed[row] = BitUtility.GetBit(bits, marks.Offset + row);
        }

        return removed;
    }

    private static Schema FileSchema(StateSetDefinition definition) => new(
        [
            .. definition.Schema.FieldsList.Select(f => new Field(f.Name, f.DataType, nullable: true)),
            new Field(Removed, BooleanType.Default, nullable: false),
        ],
        null);
}
