using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Rows of the product's tables in terms of the model.</summary>
internal static class TableRows
{
    /// <summary>All rows, in the order of the columns given.</summary>
    public static async Task<IReadOnlyList<object?[]>> ReadAsync(DeltaTable table, IEnumerable<string> columns)
    {
        List<object?[]> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => Values(batch, columns, row)));
        }

        return rows;
    }

    /// <summary>All rows of a history table.</summary>
    public static async Task<IReadOnlyList<Period>> ReadHistoryAsync(DeltaTable table, Layout layout)
    {
        List<Period> periods = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            periods.AddRange(Enumerable.Range(0, batch.Length).Select(row => PeriodAt(batch, layout, row)));
        }

        return periods;
    }

    public static object?[] Values(RecordBatch batch, IEnumerable<string> columns, int row) =>
        [.. columns.Select(c => ArrowColumns.ValueAt(batch.Column(batch.Schema.GetFieldIndex(c)), row))];

    public static Period PeriodAt(RecordBatch batch, Layout layout, int row)
    {
        Period period = new(
            Values(batch, layout.Columns.Select(c => c.Name), row),
            Sequence(batch, "__start_at", row) ?? throw new InvalidDataException("a period has no start"),
            Sequence(batch, "__end_at", row));
        return Values(batch, ["__is_current"], row)[0] is bool current && current == period.IsCurrent
            ? period
            : throw new InvalidDataException($"__is_current does not fit {period}");
    }

    private static object[]? Sequence(RecordBatch batch, string column, int row)
    {
        IArrowArray array = batch.Column(batch.Schema.GetFieldIndex(column));
        if (array.IsNull(row))
        {
            return null;
        }

        return array is StructArray parts ? [.. parts.Fields.Select(f => ArrowColumns.ValueAt(f, row)!)] : [ArrowColumns.ValueAt(array, row)!];
    }
}
