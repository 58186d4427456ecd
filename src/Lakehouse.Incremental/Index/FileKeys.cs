using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Index;

/// <summary>What an index takes from one file: of all its columns only keys and clocks are read.</summary>
/// <param name="File">The file.</param>
/// <param name="Parts">The keys of its physical rows, in order.</param>
/// <param name="Clocks">The clock of each row; null when none are wanted.</param>
/// <param name="Deleted">Which rows do not live.</param>
internal sealed record FileKeys(AddFile File, IReadOnlyList<(long FirstRow, UInt128[] Hashes)> Parts, EncodedRows? Clocks, DeletionVector Deleted)
{
    public static async Task<FileKeys> ReadAsync(
        DeltaTable table, Snapshot snapshot, AddFile file, IReadOnlyList<string> keys, ClockColumns clock, CancellationToken cancellationToken)
    {
        Schema columns = new([.. keys.Concat(clock.Names).Select(snapshot.Schema.GetFieldByName)], null);
        int[] keyPositions = [.. Enumerable.Range(0, keys.Count)];
        RowEncoder encoder = new([.. keyPositions.Select(p => columns.GetFieldByIndex(p).DataType)]);
        List<(long FirstRow, UInt128[] Hashes)> parts = [];
        List<RecordBatch> rows = [];
        await foreach (FileBatch part in table.Reader.ReadAsync(snapshot, file, columns, cancellationToken).ConfigureAwait(false))
        {
            parts.Add((part.FirstRow, KeyHash.Of(encoder.Encode(part.Batch, keyPositions))));
            if (clock.Names.Count > 0)
            {
                rows.Add(part.Batch);
            }
        }

        DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
        return new FileKeys(file, parts, clock.Names.Count == 0 ? null : clock.Encode(ConcatKernel.Concat(columns, rows)), deleted);
    }
}
