using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Rows of the product's tables in terms of the model.</summary>
internal static class TableRows
{
    /// <summary>All rows, each as a function of its batch and number.</summary>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(DeltaTable table, Func<RecordBatch, int, T> rowAt)
    {
        List<T> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => rowAt(batch, row)));
        }

        return rows;
    }

    /// <summary>The values of a row, found by the paths of their columns; of columns that are not there, nulls.</summary>
    public static object?[] Values(RecordBatch batch, IEnumerable<string> columns, int row) => [.. columns.Select(c => Value(batch, c.Split('.'), row))];

    public static LatestRow LatestAt(RecordBatch batch, Layout layout, int row)
    {
        object?[]? deletedAt = layout.Deletes == DeleteRule.Soft ? Sequence(batch, "__deleted_at", row) : null;
        return layout.Deletes != DeleteRule.Soft || IsTrue(batch, "__is_deleted", row) == deletedAt is not null
            ? new LatestRow(Values(batch, layout.Columns.Select(layout.PathOf), row), deletedAt)
            : throw new InvalidDataException("__is_deleted does not fit __deleted_at");
    }

    public static Period PeriodAt(RecordBatch batch, Layout layout, int row)
    {
        Period period = new(
            Values(batch, layout.Columns.Select(layout.PathOf), row),
            Sequence(batch, "__start_at", row) ?? throw new InvalidDataException("a period has no start"),
            Sequence(batch, "__end_at", row),
            layout.Deletes == DeleteRule.Soft && IsTrue(batch, "__is_deleted", row));
        return IsTrue(batch, "__is_current", row) == period.IsCurrent ? period : throw new InvalidDataException($"__is_current does not fit {period}");
    }

    private static object? Value(RecordBatch batch, string[] path, int row)
    {
        if (batch.Schema.FieldsList.All(f => f.Name != path[0]))
        {
            return null;
        }

        IArrowArray column = batch.Column(batch.Schema.GetFieldIndex(path[0]));
        return path.Length == 1 ? ArrowColumns.ValueAt(column, row)
            : column.IsNull(row) ? null
            : ArrowColumns.ValueAt(((StructArray)column).Fields[((StructType)column.Data.DataType).GetFieldIndex(path[1])], row);
    }

    private static bool IsTrue(RecordBatch batch, string column, int row) =>
        Values(batch, [column], row)[0] as bool? ?? throw new InvalidDataException($"{column} is null");

    private static object?[]? Sequence(RecordBatch batch, string column, int row)
    {
        IArrowArray array = batch.Column(batch.Schema.GetFieldIndex(column));
        if (array.IsNull(row))
        {
            return null;
        }

        return array is StructArray parts ? [.. parts.Fields.Select(f => ArrowColumns.ValueAt(f, row))] : [ArrowColumns.ValueAt(array, row)];
    }
}
