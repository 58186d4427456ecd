using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.RowTracking;

/// <summary>
/// The two columns of files that keep the identity of rows which are not where they were inserted: the row's id, and the version that last changed it.
/// Null stands for what the file's own ids say (protocol notes, section 13, rowTracking).
/// </summary>
internal sealed class RowTrackingColumns
{
    private RowTrackingColumns(Snapshot snapshot)
    {
        RowId = new Field(snapshot.TableProperties.RowIdColumn!, Int64Type.Default, nullable: true);
        CommitVersion = new Field(snapshot.TableProperties.RowCommitVersionColumn!, Int64Type.Default, nullable: true);
        Extended = new Schema([.. snapshot.Schema.FieldsList, RowId, CommitVersion], null);
    }

    public Field RowId { get; }

    public Field CommitVersion { get; }

    /// <summary>The table's columns and the two.</summary>
    public Schema Extended { get; }

    /// <summary>The columns of a table that keeps row ids; null for one that does not.</summary>
    public static RowTrackingColumns? Of(Snapshot snapshot) =>
        snapshot.TableProperties is { EnableRowTracking: true, RowIdColumn: not null, RowCommitVersionColumn: not null } ? new(snapshot) : null;

    /// <summary>Rows of a file as they were read with <see cref="Extended"/>: ids and versions that are null become those of the file.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="file">The file they come from.</param>
    /// <param name="positions">Where in the file each row stands.</param>
    public RecordBatch Resolve(RecordBatch rows, AddFile file, Func<int, long> positions)
    {
        int id = rows.ColumnCount - 2;
        return Replace(
            rows,
            Coalesce(rows.Column(id), row => file.BaseRowId is { } first ? first + positions(row) : null),
            Coalesce(rows.Column(id + 1), _ => file.DefaultRowCommitVersion));
    }

    /// <summary>The ids of rows of a file, by ascending position.</summary>
    public async Task<long?[]> IdsAsync(
        DeltaTable table, Snapshot snapshot, AddFile file, ReadOnlyMemory<int> positions, CancellationToken cancellationToken)
    {
        RecordBatch stored = await table.Reader.ReadRowsAsync(snapshot, file, new Schema([RowId], null), positions, cancellationToken).ConfigureAwait(false);
        int[] rows = positions.ToArray();
        return [.. Coalesce(stored.Column(0), row => file.BaseRowId is { } first ? first + rows[row] : null)];
    }

    /// <summary>The rows with ids given, and versions left to the commit that writes them.</summary>
    public RecordBatch WithIds(RecordBatch rows, ReadOnlySpan<long?> ids)
    {
        long?[] given = ids.ToArray();
        IArrowArray none = NullArrays.Create(Int64Type.Default, rows.Length);
        return new RecordBatch(
            Extended, [.. Enumerable.Range(0, rows.ColumnCount).Select(rows.Column), Coalesce(none, row => given[row]), none], rows.Length);
    }

    private RecordBatch Replace(RecordBatch rows, IArrowArray id, IArrowArray version) => new(
        Extended, [.. Enumerable.Range(0, rows.ColumnCount - 2).Select(rows.Column), id, version], rows.Length);

    private static Int64Array Coalesce(IArrowArray array, Func<int, long?> otherwise)
    {
        byte[] values = new byte[array.Length * sizeof(long)];
        byte[] validity = new byte[Bitmaps.Bytes(array.Length)];
        Span<long> target = MemoryMarshal.Cast<byte, long>(values.AsSpan());
        ReadOnlySpan<long> source = array.NullCount == array.Length ? [] : MemoryMarshal.Cast<byte, long>(array.Data.Buffers[1].Span)[array.Offset..];
        int nulls = 0;
        for (int row = 0; row < array.Length; row++)
        {
            long? value = GatherKernel.IsNull(array.Data, row) ? otherwise(row) : source[row];
            target[row] = value ?? 0;
            nulls += value is null ? 1 : 0;
            if (value is not null)
            {
                Bitmaps.SetRange(validity, row, 1);
            }
        }

        return new Int64Array(new ArrowBuffer(values), nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity), array.Length, nulls, 0);
    }
}
