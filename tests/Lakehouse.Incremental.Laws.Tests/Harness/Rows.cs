using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>The rows of a table in the text of the model. A row that is there twice is an error, not one row.</summary>
internal static class Rows
{
    public static async Task<List<string>> ReadAsync(DeltaTable table, long? version = null)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync(new ReadOptions { Version = version }))
        {
            for (int row = 0; row < batch.Length; row++)
            {
                rows.Add(Text(batch, row));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static string Text(RecordBatch batch, int row)
    {
        string data = string.Join('|', ((string[])["k1", "k2", "s1", "s2", "name", "price", "amount"]).Select(c => Cell(batch, c, row)));
        return batch.Schema.GetFieldIndex("__start_at") < 0
            ? data
            : $"{data}[{Cell(batch, "__start_at", row)},{Cell(batch, "__end_at", row)},{Cell(batch, "__is_current", row)}]";
    }

    private static string Cell(RecordBatch batch, string column, int row) => batch.Column(batch.Schema.GetFieldIndex(column)) is DoubleArray doubles
        ? ReferenceModel.Number(doubles.GetValue(row))
        : CellText.Format(batch.Column(batch.Schema.GetFieldIndex(column)), row);
}
